import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler as createConsumer } from '../../src/handlers/consume-notifications.ts';
import { createHandler as createLookups } from '../../src/handlers/lookup-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { createDelivery } from '../../src/messaging/deliver-message.ts';
import type { OutgoingMessage } from '../../src/messaging/delivery.ts';
import { listOffersOfAccount } from '../../src/offers/offer-records.ts';
import { digest } from '../../src/platform/hash.ts';
import { putOnce, type Table } from '../../src/platform/table.ts';
import { putProfile } from '../../src/profiles/profile-records.ts';
import type { RouteOf } from '../../src/schemas/api/routes.ts';
import { accountPartition, receiptKey } from '../../src/schemas/keys.ts';
import { createRunSteps } from '../../src/workflows/engine/run-steps.ts';
import { createOfferSteps } from '../../src/workflows/retention-offer/offer-steps.ts';
import { callApi } from '../builders/api-call.ts';
import { published } from '../builders/configuration.ts';
import { bodyOf, totogiEvent } from '../builders/events.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const TENANT = 'mvno-forgets';
const DAY = 24 * 3_600_000;
const START = Date.UTC(2026, 4, 1, 8);
const retention = { eventsDays: 100, messagesDays: 90, quarantineDays: 14, offersDays: 120 };

let database: TestTable;
let table: Table;
let now = START;

beforeAll(async () => {
  database = await openTestTable();
  table = { ...database.table, now: () => now };
  const offers = [offer({ trigger: { workflows: ['low-allowance'] } })];
  await publishConfiguration(table, { ...published({ tenant: TENANT, retention }), offers }, new Date(START));
});
afterAll(() => database.close());
beforeEach(() => {
  now = START;
});

const information = { name: 'AllowanceThresholdData', state: 'low', threshold: 214748364 };
const notConfigured = async () => ({ known: false, why: 'not-configured', at: now }) as const;
const configurations = () => createConfigurations(table, () => now);

async function consume(...events: unknown[]): Promise<void> {
  const startExecution = async () => undefined;
  const deps = {
    table,
    shards: 8,
    recordDay: createDayDirectory(table, 8),
    configurations: configurations(),
    startExecution,
    now: () => now,
  };
  await loggedLines(() => createConsumer(deps)(sqsEvent(events.map(bodyOf), now), lambdaContext()));
}

/** An event of an account, its run and its message, all on record. */
async function recordNotice(account: string, tenant = TENANT): Promise<string> {
  await putProfile(table, { tenant, account }, { phone: '+14155550123' }, { source: 'test', at: now });
  await consume(totogiEvent({ tenant, account, information }));
  const eventId = String((await list('listAccountEvents', { tenant, account }))[0]?.id);
  const start = { tenant, account, eventId };
  const shared = { table, configurations: configurations(), accountFacts: notConfigured, now: () => now };
  await createRunSteps('low-allowance', { ...shared, startExecution: async () => undefined }).startRun(start);
  const send = async () => ({ outcome: 'accepted', providerMessageId: account }) as const;
  const delivery = createDelivery({ ...shared, sms: { send }, email: { send }, publicUrl: undefined });
  const message: OutgoingMessage = { ...start, workflow: 'low-allowance', step: 'notice-sms', channel: 'sms', kind: 'notice' };
  await delivery.claim(message, { owner: 'arn:run', configuration: 'v-1' });
  await delivery.finalize(message, await delivery.send(message));
  const offers = createOfferSteps({ ...shared, totogi: { forTenant: () => undefined }, completeCallback: async () => 'done' });
  await offers.chooseOffer(start, { configuration: 'v-1', isStale: false });
  return eventId;
}

async function call(name: RouteOf<'lookup-api'>, path: Record<string, string>) {
  const handler = createLookups({ tables: () => table, cursorKeys: ['k'.repeat(32)], now: () => now });
  return callApi(handler, name, { path });
}

async function list(name: RouteOf<'lookup-api'>, path: Record<string, string>): Promise<Record<string, unknown>[]> {
  return (await call(name, path)).body.data as Record<string, unknown>[];
}

async function stored(tenant: string, account: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': accountPartition(tenant, account) },
    }),
  );
  return Items;
}

const secondsAfter = (days: number) => (START + days * DAY) / 1_000;

describe('records of a tenant that names how long to keep them', () => {
  test('say when they expire, by class, and are no dearer to write', async () => {
    await recordNotice('acc-expiry');
    const items = await stored(TENANT, 'acc-expiry');
    const expiry = Object.fromEntries(items.map(({ sk, expiresAt }) => [String(sk).split('#')[0], expiresAt]));
    expect(expiry).toMatchObject({ EVENT: secondsAfter(100), RUN: secondsAfter(100), MESSAGE: secondsAfter(90), OFFER: secondsAfter(120) });
    const { pk, sk } = receiptKey(digest('acc-expiry').toString('hex'));
    const Key = { pk, sk };
    const { Item: lookup } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    expect(lookup).toMatchObject({ targetPk: accountPartition(TENANT, 'acc-expiry'), expiresAt: secondsAfter(90) });
    expect(expiry.PROFILE).toBeUndefined();
    for (const item of items) expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(1_024);
  });

  test('are shown to nobody from then on, also before DynamoDB deletes them', async () => {
    const account = 'acc-shown';
    const eventId = await recordNotice(account);
    const path = { tenant: TENANT, account };
    const kinds = async () => (await list('listTimeline', path)).map(({ kind }) => kind);
    now = START + 90 * DAY - 1_000;
    expect(await kinds()).toEqual(['offer', 'message', 'run', 'event']);
    now = START + 90 * DAY;
    expect(await kinds()).toEqual(['offer', 'run', 'event']);
    expect((await call('explainEvent', { ...path, eventId })).body).toMatchObject({ workflows: [{ messages: [] }] });
    now = START + 100 * DAY;
    expect(await kinds()).toEqual(['offer']);
    now = START + 120 * DAY;
    expect(await kinds()).toEqual([]);
    expect(await listOffersOfAccount(table, TENANT, account)).toEqual([]);
    expect(await list('listAccountEvents', path)).toEqual([]);
    expect((await list('listTenantEvents', { tenant: TENANT })).filter((event) => event.account === account)).toEqual([]);
    expect((await call('getEvent', { ...path, eventId })).status).toBe(404);
    expect((await stored(TENANT, account)).length).toBeGreaterThan(2);
  });

  test('in quarantine expire too', async () => {
    await consume(totogiEvent({ tenant: TENANT, account: undefined }));
    const path = { tenant: TENANT };
    expect(await list('listQuarantine', path)).toHaveLength(1);
    now = START + 14 * DAY;
    expect(await list('listQuarantine', path)).toEqual([]);
  });

  test('make room for new ones under their keys', async () => {
    const item = { pk: accountPartition(TENANT, 'acc-room'), sk: 'EVENT#1', of: 'first', expiresAt: secondsAfter(100) };
    expect(await putOnce(table, item)).toEqual({ outcome: 'done' });
    now = START + 100 * DAY - 1_000;
    expect(await putOnce(table, { ...item, of: 'second' })).toMatchObject({ outcome: 'already-done', stored: { of: 'first' } });
    now += 1_000;
    expect(await putOnce(table, { ...item, of: 'second', expiresAt: secondsAfter(300) })).toEqual({ outcome: 'done' });
    expect(await stored(TENANT, 'acc-room')).toMatchObject([{ of: 'second' }]);
  });
});

test('records of a tenant that does not are kept for good', async () => {
  await publishConfiguration(table, published({ tenant: 'mvno-keeps' }), new Date(START));
  await recordNotice('acc-kept', 'mvno-keeps');
  for (const item of await stored('mvno-keeps', 'acc-kept')) expect(item).not.toHaveProperty('expiresAt');
});
