import { gunzipSync } from 'node:zlib';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { type ConsumeDependencies, createHandler } from '../../src/handlers/consume-notifications.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { findEvent } from '../../src/ingest/event-records.ts';
import { parseEvent } from '../../src/ingest/parse-event.ts';
import { listQuarantine } from '../../src/ingest/quarantine.ts';
import { listUnknownTenants } from '../../src/ingest/unknown-tenants.ts';
import { accountPartition, quarantineKey } from '../../src/schemas/keys.ts';
import { published } from '../builders/configuration.ts';
import { bodyOf, type EventParts, totogiEvent } from '../builders/events.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OCCURRED_AT = Date.UTC(2026, 4, 1, 8);
const low = { name: 'AllowanceThresholdData', state: 'low', threshold: 214748364 };

let database: TestTable;
let now = OCCURRED_AT;
let started: string[] = [];
let startsFail = false;

beforeAll(async () => {
  database = await openTestTable();
  for (const tenant of ['mvno-example', 'mvno-other']) {
    await publishConfiguration(database.table, published({ tenant }), new Date(OCCURRED_AT));
  }
});
afterAll(() => database.close());

function consumer(parts: Partial<ConsumeDependencies> = {}) {
  const { table } = database;
  const deps: ConsumeDependencies = {
    table,
    shards: 8,
    recordDay: createDayDirectory(table, 8),
    configurations: createConfigurations(table, () => now),
    startExecution: async (workflow, start) => {
      if (startsFail) throw new Error(`no answer about ${start.account}`);
      started.push(`${workflow} ${JSON.stringify(start)}`);
    },
    now: () => now,
    ...parts,
  };
  return createHandler(deps);
}

async function consume(events: unknown[], handler = consumer()) {
  started = [];
  const bodies = events.map((event) => (typeof event === 'string' ? event : bodyOf(event)));
  const { result, lines } = await loggedLines(() => handler(sqsEvent(bodies, now), lambdaContext()));
  return { failures: result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), lines, started };
}

const lowOf = (account: string, parts: EventParts = {}) => totogiEvent({ account, information: low, ...parts });

async function recorded(account: string, event: unknown, tenant = 'mvno-example') {
  const read = parseEvent(bodyOf(event));
  return read.valid ? findEvent(database.table, tenant, account, read.id) : undefined;
}

const quarantine = async (tenant: string) =>
  (await listQuarantine(database.table, { tenant, limit: 100, descending: true })).entries.map(({ value }) => value);

describe('a valid notification', () => {
  test('is recorded with its decision, starts its workflow by ids only, and is told in one line and counted in another', async () => {
    const event = lowOf('acc-start');
    const { failures, lines } = await consume([event]);
    const record = await recorded('acc-start', event);
    expect(failures).toEqual([]);
    expect(record?.decision).toEqual({ start: ['low-allowance'], configuration: 'v-1' });
    expect(record?.receivedAt).toBe(new Date(OCCURRED_AT).toISOString());
    expect(started).toEqual([`low-allowance ${JSON.stringify({ tenant: 'mvno-example', account: 'acc-start', eventId: record?.id })}`]);
    const [line] = lines.filter(({ message }) => message !== undefined);
    expect(line).toMatchObject({ message: 'batch handled', tenants: ['mvno-example'], recorded: 1 });
    expect(lines).toHaveLength(2);
    const [metric] = lines.filter((candidate) => '_aws' in candidate);
    expect(metric).toMatchObject({ tenant: 'mvno-example', type: 'CounterThreshold', outcome: 'recorded', notifications: 1 });
    expect(JSON.stringify(metric?._aws)).not.toContain('tenant');
  });

  test('that comes again is one record, and starts the same execution again from that record', async () => {
    const event = lowOf('acc-repeat');
    const first = await consume([event]);
    now = OCCURRED_AT + HOUR;
    const again = await consume([event, { ...event, id: 'another', time: '2026-05-01T09:00:00Z' }]);
    now = OCCURRED_AT;
    expect(again.started).toEqual([first.started[0], first.started[0]]);
    expect(again.lines).toContainEqual(expect.objectContaining({ message: 'batch handled', repeated: 2 }));
    expect((await recorded('acc-repeat', event))?.receivedAt).toBe(new Date(OCCURRED_AT).toISOString());
  });

  test('starts nothing again once its record is seven days old', async () => {
    const event = lowOf('acc-old');
    await consume([event]);
    now = OCCURRED_AT + 7 * DAY;
    expect((await consume([event])).started).toHaveLength(1);
    now += 1;
    expect((await consume([event])).started).toEqual([]);
    now = OCCURRED_AT;
  });

  test('that is old news is recorded and starts nothing, even when it comes again', async () => {
    const event = lowOf('acc-stale');
    now = OCCURRED_AT + 3 * DAY;
    expect((await consume([event])).started).toEqual([]);
    expect((await consume([event])).started).toEqual([]);
    now = OCCURRED_AT;
    expect((await recorded('acc-stale', event))?.decision).toMatchObject({ start: [], reason: 'stale' });
  });

  test('of a tenant without configuration is recorded and says so', async () => {
    const event = lowOf('acc-unknown', { tenant: 'mvno-unknown' });
    expect((await consume([event])).started).toEqual([]);
    expect((await recorded('acc-unknown', event, 'mvno-unknown'))?.decision).toEqual({ start: [], reason: 'tenant-not-configured' });
  });

  test('of a tenant that is not taken is kept 30 days, counted once, listed to the operator, and starts nothing', async () => {
    const taken = () => consumer({ takenTenants: ['mvno-example'] });
    // Configured, and not among those that are taken.
    const events = ['acc-1', 'acc-2'].map((account) => lowOf(account, { tenant: 'mvno-other' }));
    const first = await consume([...events, lowOf('acc-taken')], taken());
    expect(first.started).toEqual([expect.stringContaining('acc-taken')]);
    expect(first.lines).toContainEqual(expect.objectContaining({ outcome: 'unknown-tenant', tenant: '-', notifications: 2 }));
    expect(JSON.stringify(first.lines)).not.toContain('mvno-other');
    const again = await consume(events, taken());
    expect(again.lines).toContainEqual(expect.objectContaining({ outcome: 'repeated', tenant: '-', notifications: 2 }));
    expect(JSON.stringify(again.lines)).not.toContain('mvno-other');
    const kept = await recorded('acc-1', events[0], 'mvno-other');
    expect(kept?.expiresAt).toBe(OCCURRED_AT / 1_000 + 30 * 86_400);
    const at = new Date(OCCURRED_AT).toISOString();
    expect(await listUnknownTenants(database.table)).toContainEqual({ tenant: 'mvno-other', events: 2, firstSeenAt: at, lastSeenAt: at });
    expect((await recorded('acc-taken', lowOf('acc-taken')))?.expiresAt).toBeUndefined();
  });

  test('names that somebody makes up do not fill the list: a process lists a hundred, and counts the others together', async () => {
    const handler = consumer();
    const madeUp = Array.from({ length: 130 }, (_, index) => lowOf('acc-1', { tenant: `made-up-${index}` }));
    await consume(madeUp, handler);
    const listed = await listUnknownTenants(database.table);
    expect(listed.filter(({ tenant }) => tenant.startsWith('made-up-'))).toHaveLength(100);
    expect(listed.find(({ tenant }) => tenant === '-')?.events).toBe(30);
  });

  test('keeps what JSON can hold and DynamoDB cannot', async () => {
    const deep = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner], 1e300);
    const event = totogiEvent({
      account: 'acc-deep',
      information: { ...low, threshold: 1e200, notificationfields: { deep, empty: '', nothing: null } },
    });
    expect((await consume([event])).failures).toEqual([]);
    expect((await recorded('acc-deep', event))?.notification).toMatchObject({
      threshold: 1e200,
      fields: { deep, empty: '', nothing: null },
    });
  });

  test('in a documented shape takes less than 1 KB', async () => {
    const detail = {
      sk: 1777622400123456000,
      pk: 'EVT#mvno-example#14155550100',
      custom: '{}',
      ttl: 1777708800,
      day: '1',
      month: '5',
      year: '2026',
    };
    const flat = {
      ...detail,
      provider: 'mvno-example',
      account: 'acc-size',
      device: '14155550100',
      counter: 'AllowanceThresholdVoice',
      state: 'low',
      prevState: 'normal',
      threshold: 600,
      session: 's-1',
    };
    await consume([{ ...totogiEvent(), detail: flat }]);
    const { Items = [] } = await database.table.client.send(
      new QueryCommand({
        TableName: database.table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': accountPartition('mvno-example', 'acc-size') },
      }),
    );
    expect(Items).toMatchObject([{ original: expect.any(String), fields: expect.any(String) }]);
    // As JSON it is longer than DynamoDB counts it.
    expect(Buffer.byteLength(JSON.stringify(Items[0]))).toBeLessThan(1024);
  });
});

describe('an invalid event', () => {
  test('is put aside with its faults and harms no neighbour', async () => {
    const events = [lowOf('acc-before'), totogiEvent({ tenant: 'mvno-other', account: undefined }), 'not JSON', lowOf('acc-after')];
    const { failures, lines } = await consume(events);
    expect(failures).toEqual([]);
    expect(started).toHaveLength(2);
    expect(await quarantine('mvno-other')).toMatchObject([{ reason: 'invalid', faults: [{ path: 'detail.eventdata.accountid' }] }]);
    expect(await quarantine('-')).toMatchObject([{ tenant: '-', faults: [{ path: 'event', received: 'text that is no JSON' }] }]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'batch handled', recorded: 2, quarantined: 2 }));
  });

  test('that names no tenant, or one that is not taken, is kept 30 days', async () => {
    const expiries = async (tenant: string) => {
      const { Items = [] } = await database.table.client.send(
        new QueryCommand({
          TableName: database.table.name,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': quarantineKey(tenant, '2026-05-01', '').pk },
        }),
      );
      return Items.map(({ expiresAt }) => expiresAt);
    };
    await consume(['{"not": "an event"}', totogiEvent({ tenant: 'mvno-stranger', account: 7.5, information: low })]);
    const in30Days = OCCURRED_AT / 1_000 + 30 * 86_400;
    expect(await expiries('-')).toContain(in30Days);
    expect(await expiries('mvno-stranger')).toEqual([in30Days]);
  });

  test('that comes again is the same row', async () => {
    const event = totogiEvent({ tenant: 'mvno-rows', account: undefined });
    await consume([event, event]);
    await consume([{ ...event, id: 'another' }]);
    expect(await quarantine('mvno-rows')).toHaveLength(1);
  });

  test('that does not fit one item is put aside as too large, once, and its original is kept compressed', async () => {
    const event = totogiEvent({ tenant: 'mvno-large', information: { ...low, notificationfields: { much: 'x'.repeat(400_000) } } });
    for (const sent of [event, { ...event, id: 'another' }]) expect((await consume([sent])).failures).toEqual([]);
    expect(await quarantine('mvno-large')).toMatchObject([{ reason: 'too-large', faults: [{ path: 'detail' }], envelopeId: event.id }]);
    const { Items = [] } = await database.table.client.send(
      new QueryCommand({
        TableName: database.table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': 'TENANT#mvno-large#QUARANTINE#2026-05-01' },
      }),
    );
    expect(gunzipSync(Items[0]?.originalGzip).toString()).toBe(JSON.stringify(event.detail));
  });
});

describe('a dependency that fails', () => {
  test('leaves only its own records for retry, which then lose nothing', async () => {
    const event = lowOf('acc-outage');
    startsFail = true;
    const { failures, lines } = await consume([
      event,
      totogiEvent({ account: 'acc-neighbour', information: { name: 'TierReached', state: 'gold' } }),
    ]);
    startsFail = false;
    expect(failures).toEqual(['message-0']);
    expect(await recorded('acc-outage', event)).toBeDefined();
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'ERROR', recorded: 1, failures: [expect.objectContaining({ messageId: 'message-0' })] }),
    );
    expect(JSON.stringify(lines)).not.toContain('acc-outage');
    expect((await consume([event])).started).toHaveLength(1);
  });

  test('when it is the table, every record of the batch comes again', async () => {
    const broken: ConsumeDependencies['recordDay'] = () => Promise.reject(new Error('the table does not answer'));
    const { failures } = await consume([lowOf('acc-a'), 'not JSON'], consumer({ recordDay: broken }));
    expect(failures.toSorted()).toEqual(['message-0', 'message-1']);
  });
});
