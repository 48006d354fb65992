import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler as createConsumer } from '../../src/handlers/consume-notifications.ts';
import { createHandler } from '../../src/handlers/operations-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { findEvent } from '../../src/ingest/event-records.ts';
import { keyOfQuarantined, listQuarantine } from '../../src/ingest/quarantine.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { acceptOffer, completeRedemption, markOfferStuck, startRedemption } from '../../src/offers/transitions.ts';
import { finishReplay, recordPage } from '../../src/operations/replay-records.ts';
import { reserveReplaySlot } from '../../src/operations/replay-slots.ts';
import type { RouteOf } from '../../src/schemas/api/routes.ts';
import type { ReplayStart } from '../../src/schemas/operations/replay.ts';
import type { StartExecution } from '../../src/workflows/engine/start-execution.ts';
import { type ApiRequest, callApi } from '../builders/api-call.ts';
import { published } from '../builders/configuration.ts';
import { bodyOf, type EventParts, totogiEvent } from '../builders/events.ts';
import { lambdaContext, sqsEvent } from '../builders/lambda.ts';
import { offer } from '../builders/offers.ts';
import { patience } from '../builders/patience.ts';
import { openTestQueues, type TestQueues } from '../builders/queues.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.UTC(2026, 4, 1, 9);
const TENANT = 'mvno-example';
const low = { name: 'AllowanceThresholdData', state: 'low', threshold: 214748364 };

let database: TestTable;
let queues: TestQueues;
let handler: ReturnType<typeof createHandler>;
let consume: (event: SQSEvent) => Promise<unknown>;
/** What the queue handed over since the last look, and what was started. */
let delivered: SQSEvent['Records'] = [];
let started: string[] = [];
let replays: string[] = [];
const retried: string[] = [];
const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'));

beforeAll(async () => {
  // Consumer and API log at the same time, which is nothing that is looked at here.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  database = await openTestTable();
  const { table } = database;
  await publishConfiguration(table, published({ tenant: TENANT }), new Date(NOW));
  const consumer = createConsumer({
    table,
    shards: 8,
    recordDay: createDayDirectory(table, 8),
    configurations: createConfigurations(table, () => NOW),
    startExecution: async (workflow, { account }) => void started.push(`${workflow} ${account}`),
    now: () => NOW,
  });
  consume = (event) => consumer(event, lambdaContext());
  queues = await openTestQueues(directory, {
    async invoke(_key, event) {
      const { Records } = event as SQSEvent;
      delivered.push(...Records);
      return { ok: true, payload: await consume({ Records }) };
    },
  });
  const startReplay = async ({ replay, part }: ReplayStart) => void replays.push(`${replay} ${part}`);
  const startExecution: StartExecution = async (workflow, { account }, redrive) => void retried.push(`${workflow} ${account} ${redrive}`);
  handler = createHandler({ tables: () => table, queues: queues.queues, startReplay, startExecution, now: () => NOW });
});
afterAll(async () => {
  await queues.close();
  await database.close();
  rmSync(directory, { recursive: true });
});

const call = (name: RouteOf<'operations-api'>, request: ApiRequest) => callApi(handler, name, request);

const rows = async (tenant: string) =>
  (await listQuarantine(database.table, { tenant, limit: 100, descending: true })).entries.map(({ value }) => value);
/** An event of a tenant of its own in quarantine, for want of an account. */
async function quarantine(tenant: string, parts: EventParts | string = {}): Promise<{ tenant: string; id: string }> {
  const body = typeof parts === 'string' ? parts : bodyOf(totogiEvent({ tenant, account: undefined, information: low, ...parts }));
  const before = new Set((await rows(tenant)).map(({ id }) => id));
  await consume(sqsEvent([body], NOW));
  const after = await rows(tenant);
  const row = after.find(({ id }) => !before.has(id)) ?? after[0];
  if (!row) throw new Error('Nothing was put aside.');
  return { tenant, id: row.id };
}
const detailOf = (account: string, parts: EventParts = {}) => totogiEvent({ tenant: TENANT, account, information: low, ...parts }).detail;
const stateOf = async (path: { tenant: string; id: string }) => (await call('getQuarantined', { path })).body;
const settles = (path: { tenant: string; id: string }, state: string) =>
  vi.waitFor(async () => expect(await stateOf(path)).toMatchObject({ state }), patience);

describe('an event in quarantine', () => {
  test('is told whole: every fault, its own words, and that nothing came of it', async () => {
    const path = await quarantine('mvno-whole');
    expect(await call('getQuarantined', { path })).toMatchObject({
      status: 200,
      body: {
        ...path,
        state: 'quarantined',
        redrives: 0,
        faults: [{ path: 'detail.eventdata.accountid' }],
        originalIs: 'detail',
        originalIsCut: false,
        original: JSON.stringify(totogiEvent({ tenant: 'mvno-whole', account: undefined, information: low }).detail),
      },
    });
  });

  test('is one of its tenant alone', async () => {
    const path = await quarantine('mvno-mine');
    expect((await call('getQuarantined', { path, claims: { tenant: 'mvno-other' } })).status).toBe(403);
    expect((await call('getQuarantined', { path: { ...path, tenant: 'mvno-other' } })).status).toBe(404);
    for (const name of ['redriveQuarantined', 'discardQuarantined'] as const) {
      const body = name === 'discardQuarantined' ? { reason: 'none' } : undefined;
      expect((await call(name, { path: { ...path, tenant: 'mvno-other' }, body })).status).toBe(404);
    }
    expect(await stateOf(path)).toMatchObject({ state: 'quarantined' });
  });
});

describe('a redrive', () => {
  test('of what still does not hold brings it back to the same row, with its faults', async () => {
    const path = await quarantine('mvno-still');
    expect(await call('redriveQuarantined', { path })).toMatchObject({ status: 200, body: { state: 'redriven', redrives: 1 } });
    await settles(path, 'quarantined');
    expect(await rows('mvno-still')).toMatchObject([{ redrives: 1, faults: [{ path: 'detail.eventdata.accountid' }] }]);
    await call('redriveQuarantined', { path });
    await settles(path, 'quarantined');
    expect(await rows('mvno-still')).toMatchObject([{ redrives: 2 }]);
  });

  test('with a corrected detail records it, starts what it starts, and says what it became', async () => {
    const path = await quarantine(TENANT);
    started = [];
    const detail = detailOf('acc-corrected');
    expect((await call('redriveQuarantined', { path, body: { detail } })).status).toBe(200);
    await settles(path, 'resolved');
    const { resolvedAs, correction } = await stateOf(path);
    expect(resolvedAs).toEqual({ tenant: TENANT, account: 'acc-corrected', eventId: expect.any(String) });
    expect(correction).toBe(JSON.stringify(detail));
    const { eventId } = resolvedAs as { eventId: string };
    expect(await findEvent(database.table, TENANT, 'acc-corrected', eventId)).toMatchObject({ decision: { start: ['low-allowance'] } });
    expect(started).toEqual(['low-allowance acc-corrected']);

    delivered = [];
    expect(await call('redriveQuarantined', { path, body: { detail } })).toMatchObject({ status: 200, body: { state: 'resolved' } });
    expect((await call('redriveQuarantined', { path, body: { detail: detailOf('acc-second') } })).status).toBe(409);
    expect((await call('discardQuarantined', { path, body: { reason: 'none' } })).status).toBe(409);
    expect(delivered).toEqual([]);
  });

  test.each([
    ['the account is missing', detailOf('x', { account: undefined }), ['/detail/eventdata/accountid']],
    ['it names another tenant', detailOf('x', { tenant: 'mvno-other' }), ['/detail/providerid']],
    ['it is nested without end', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, [expect.stringContaining('/detail/a')]],
    ['it is no object', '"text"', ['/detail']],
  ])('with a detail of which %s is refused, and changes nothing', async (_why, detail, pointers) => {
    const path = await quarantine(TENANT, { session: `refused-${JSON.stringify(pointers)}` });
    delivered = [];
    const text = typeof detail === 'string' ? detail : JSON.stringify(detail);
    const { status, body } = await call('redriveQuarantined', { path, body: `{"detail":${text}}` });
    expect({ status, pointers: body.errors?.map(({ pointer }) => pointer) }).toEqual({ status: 400, pointers });
    expect(await stateOf(path)).toMatchObject({ state: 'quarantined', redrives: 0 });
    expect(delivered).toEqual([]);
  });

  test('of what names no tenant may be corrected to be of any, by who operates the service', async () => {
    const path = await quarantine('-', { tenant: 'no#tenant' });
    await call('redriveQuarantined', { path, body: { detail: detailOf('acc-found') } });
    await settles(path, 'resolved');
    expect((await stateOf(path)).resolvedAs).toMatchObject({ tenant: TENANT, account: 'acc-found' });
  });

  test.each([
    ['message', 'this is no JSON at all'],
    [
      'detail-onwards',
      bodyOf(totogiEvent({ tenant: 'no#tenant', information: { ...low, notificationfields: { a: 'LONE' } } })).replace('LONE', '\\ud800'),
    ],
    ['detail', bodyOf(totogiEvent({ tenant: 'no#tenant', invokedAt: undefined, envelope: { time: 'soon' }, information: low }))],
  ])('of a kept %s sends the same again, nothing made up, and comes back to the same row', async (originalIs, body) => {
    const path = await quarantine('-', body);
    const before = await stateOf(path);
    expect(before).toMatchObject({ originalIs });
    expect(body).toContain(before.original);
    const count = (await rows('-')).length;
    await call('redriveQuarantined', { path });
    await settles(path, 'quarantined');
    expect(await stateOf(path)).toMatchObject({ original: before.original, redrives: 1 });
    expect(await rows('-')).toHaveLength(count);
  });

  test('that comes late, after another began, changes nothing', async () => {
    const path = await quarantine('mvno-late');
    delivered = [];
    await call('redriveQuarantined', { path });
    await settles(path, 'quarantined');
    const late = [...delivered];
    const corrected = totogiEvent({ tenant: 'mvno-late', information: low }).detail;
    await call('redriveQuarantined', { path, body: { detail: corrected } });
    await consume({ Records: late });
    await settles(path, 'resolved');
    await consume({ Records: late });
    expect(await stateOf(path)).toMatchObject({ state: 'resolved', redrives: 2 });
  });

  test('of an original that was cut asks for a correction', async () => {
    const path = await quarantine('mvno-cut');
    await database.table.client.send(
      new UpdateCommand({
        TableName: database.table.name,
        Key: keyOfQuarantined(path.tenant, path.id),
        UpdateExpression: 'SET originalCut = :yes',
        ExpressionAttributeValues: { ':yes': true },
      }),
    );
    expect((await call('redriveQuarantined', { path })).status).toBe(409);
    expect((await call('redriveQuarantined', { path, body: { detail: totogiEvent({ tenant: 'mvno-cut' }).detail } })).status).toBe(200);
  });
});

describe('discarding', () => {
  test('keeps the event and the reason, and may be repeated', async () => {
    const path = await quarantine('mvno-discard');
    const body = { reason: 'a test of the plan designer' };
    for (let time = 0; time < 2; time += 1)
      expect(await call('discardQuarantined', { path, body })).toMatchObject({
        status: 200,
        body: { state: 'discarded', discardReason: body.reason, discardedAt: new Date(NOW).toISOString() },
      });
    expect((await call('discardQuarantined', { path, body: { reason: 'another' } })).status).toBe(409);
    expect((await call('redriveQuarantined', { path })).status).toBe(409);
    await quarantine('mvno-discard');
    expect(await rows('mvno-discard')).toMatchObject([{ state: 'discarded' }]);
  });

  test.each([[{}], [{ reason: ' ' }], [{ reason: 'x'.repeat(501) }], [undefined]])('asks for a reason, not %j', async (body) => {
    const path = await quarantine('mvno-reason');
    expect((await call('discardQuarantined', { path, body })).status).toBe(400);
  });
});

describe('a replay', () => {
  const path = { tenant: TENANT };
  const range = { from: '2026-05-01T08:00:00+02:00', to: '2026-05-02T00:00:00Z' };
  const ask = (body: object, headers: Record<string, string> = {}) => call('startReplay', { path, body, headers });

  test('is a dry run unless it is told otherwise, goes on by itself, and says how far it is', async () => {
    replays = [];
    const { status, body } = await ask({ ...range, types: ['PlanExpired'], workflows: ['win-back'] });
    const asked = {
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      tenant: TENANT,
      from: '2026-05-01T06:00:00.000Z',
      to: '2026-05-02T00:00:00.000Z',
      types: ['PlanExpired'],
      workflows: ['win-back'],
      dryRun: true,
      state: 'counting',
      createdAt: new Date(NOW).toISOString(),
      byType: {},
      done: 0,
      total: null,
      started: {},
      skipped: {},
    };
    expect({ status, body }).toEqual({ status: 202, body: asked });
    expect(replays).toEqual([`${String(body.id)} 1`]);
    expect((await call('getReplay', { path: { ...path, id: String(body.id) } })).body).toEqual(body);
    expect((await ask({ ...range, dryRun: false })).body).toMatchObject({ dryRun: false });
  });

  test('is one of its tenant alone', async () => {
    const { body } = await ask(range);
    const id = String(body.id);
    expect((await call('getReplay', { path: { tenant: TENANT, id }, claims: { tenant: 'mvno-other' } })).status).toBe(403);
    expect((await call('getReplay', { path: { tenant: 'mvno-other', id } })).status).toBe(404);
    expect((await call('startReplay', { path, body: range, claims: { tenant: 'mvno-other' } })).status).toBe(403);
  });

  test('with a key is the same however often it is asked for, and asks for the same thing', async () => {
    replays = [];
    const headers = { 'idempotency-key': 'ticket-4711' };
    const first = await ask(range, headers);
    expect(await ask(range, headers)).toEqual(first);
    expect(replays).toEqual([`${String(first.body.id)} 1`, `${String(first.body.id)} 1`]);
    expect((await ask({ ...range, dryRun: false }, headers)).status).toBe(409);
    expect((await ask(range, { 'idempotency-key': 'another' })).body.id).not.toBe(first.body.id);
    expect((await call('startReplay', { path: { tenant: 'mvno-other' }, body: range, headers })).body.id).not.toBe(first.body.id);
    expect((await ask(range)).body.id).not.toBe((await ask(range)).body.id);
    expect((await ask(range, { 'idempotency-key': 'x'.repeat(201) })).status).toBe(400);
  });

  test('is one of ten that a tenant has open, however they are asked for, and makes room when it is done or stands still', async () => {
    const tenant = 'mvno-many';
    const start = (headers: Record<string, string> = {}) => call('startReplay', { path: { tenant }, body: range, headers });
    const first = await start({ 'idempotency-key': 'first' });
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => start()))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([...Array(9).fill(202), ...Array(3).fill(409)]);
    expect(await start({ 'idempotency-key': 'first' })).toMatchObject({ status: 202, body: { id: first.body.id } });
    const replayed = { tenant, replay: String(first.body.id) };
    const over = { pass: 'over' as const, page: 1, after: null };
    const counted = { byType: {}, counted: 0, done: 0, started: {}, skipped: {} };
    await recordPage(database.table, replayed, { here: { pass: 'count', page: 1, after: null }, next: over, counted, at: NOW });
    await finishReplay(database.table, replayed, NOW);
    expect([(await start()).status, (await start()).status]).toEqual([202, 409]);
    const later = { tenant, id: '01K8XK9M3QZ5J6W7V8N9P0R1S9', at: NOW + 3_600_000 };
    expect(await reserveReplaySlot(database.table, later)).toBe('reserved');
  });

  test.each([
    ['no time', {}, ['/from', '/to']],
    ['a time without an offset', { ...range, from: '2026-05-01T08:00:00' }, ['/from']],
    ['a range that runs backwards', { from: range.to, to: range.from }, ['/to']],
    ['a type that is none', { ...range, types: ['Birthday'] }, ['/types/0']],
    ['a workflow that is none', { ...range, workflows: ['replay'] }, ['/workflows/0']],
    ['no workflow', { ...range, workflows: [] }, ['/workflows']],
    ['a field that is none', { ...range, dryrun: false }, ['/dryrun']],
  ])('for %s is refused', async (_what, body, pointers) => {
    const reply = await ask(body);
    expect({ status: reply.status, pointers: reply.body.errors?.map(({ pointer }) => pointer) }).toEqual({ status: 400, pointers });
  });
});

describe('an offer that is stuck', () => {
  const reference = { tenant: TENANT, account: 'acc-stuck', offerId: '01K8XK9M3QZ5J6W7V8N9P0R1S2' };
  const retry = (path: typeof reference) => call('retryOffer', { path });
  const table = () => database.table;

  async function markStuck(): Promise<void> {
    await startRedemption(table(), reference);
    await markOfferStuck(table(), reference, 'unknown-twice', NOW);
  }

  test('is redeemed again when operations want it, by one run for however many requests, and by another one the next time', async () => {
    expect(await retry(reference)).toMatchObject({ status: 404 });
    await issueOffer(table(), { ...reference, configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW);
    await acceptOffer(table(), reference, { by: 'link', via: 'sms', at: NOW });
    expect(await retry(reference)).toMatchObject({
      status: 409,
      body: { detail: 'The offer is in state `accepted`; only `stuck` offers can be retried.' },
    });
    await markStuck();
    for (const reply of await Promise.all([retry(reference), retry(reference), retry(reference)]))
      expect(reply).toMatchObject({ status: 202, body: { offerId: reference.offerId, state: 'accepted', retries: 1 } });
    expect(retried).toEqual(Array(3).fill('retention-offer acc-stuck 1001'));
    await markStuck();
    expect(await retry(reference)).toMatchObject({ status: 202, body: { retries: 2 } });
    await startRedemption(table(), reference);
    await completeRedemption(table(), reference, NOW);
    expect(await retry(reference)).toMatchObject({ status: 202, body: { state: 'redeemed', retries: 2 } });
    expect(retried.slice(3)).toEqual(Array(2).fill('retention-offer acc-stuck 1002'));
  });
});
