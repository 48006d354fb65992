import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHandler } from '../../src/handlers/dead-letters-api.ts';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { recordEvent } from '../../src/ingest/event-records.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { findOffer } from '../../src/offers/offer-records.ts';
import { retryOffer } from '../../src/offers/retries.ts';
import { acceptOffer, markOfferStuck, startRedemption } from '../../src/offers/transitions.ts';
import { sendToQueue } from '../../src/operations/queues.ts';
import { createReplay } from '../../src/operations/replay-records.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import { DEAD_LETTER_QUEUES, type DeadLetterQueueName } from '../../src/schemas/operations/dead-letters.ts';
import type { RunOutcome } from '../../src/schemas/run/workflow.ts';
import type { WorkflowStart } from '../../src/schemas/run/workflow-start.ts';
import { findRun, finishRun, startRun } from '../../src/workflows/engine/run-records.ts';
import { type ApiReply, callApi } from '../builders/api-call.ts';
import { notification } from '../builders/configuration.ts';
import { offer } from '../builders/offers.ts';
import { patience } from '../builders/patience.ts';
import { openTestQueues, type TestQueues } from '../builders/queues.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.UTC(2026, 4, 1, 9);
const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'));

let database: TestTable;
let queues: TestQueues;
let handler: ReturnType<typeof createHandler>;
let received: string[] = [];
let started: string[] = [];
let running: string[] = [];
let called: string[] = [];
let callSucceeds = true;
let accounts = 0;

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  database = await openTestTable();
  queues = await openTestQueues(directory, {
    async invoke(key, event) {
      received.push(...(event as SQSEvent).Records.map(({ body }) => `${key} ${body}`));
      return { ok: true, payload: null };
    },
  });
  handler = createHandler({
    table: database.table,
    queues: queues.queues,
    startExecution: async (workflow, { account }, redrive) => void started.push(`${workflow} ${account} ${redrive}`),
    startReplay: async ({ replay, part }) => void started.push(`replay ${replay} ${part}`),
    isRunning: async (workflow, _eventId, redrive) => running.includes(`${workflow} ${redrive}`),
    callFunction: async (name, payload) => {
      called.push(`${name} ${payload}`);
      return callSucceeds;
    },
    now: () => Date.now(),
  });
});
afterAll(async () => {
  await queues.close();
  await database.close();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  received = [];
  started = [];
  running = [];
  called = [];
  callSucceeds = true;
  accounts += 1;
});

const OPERATOR = { tenant: '-' };
const leave = (queue: DeadLetterQueueName, body: string) => sendToQueue(queues.queues, `${queue}-dead-letters`, { body, attributes: {} });
const redrive = (queue: string, body?: unknown): Promise<ApiReply> =>
  callApi(handler, 'redriveDeadLetters', { path: { ...OPERATOR, queue }, body });
const redriveNow = async (queue: string) => (await redrive(queue, { dryRun: false })).body;
async function depth(queue: string) {
  const { data } = (await callApi(handler, 'listDeadLetters', { path: OPERATOR })).body as {
    data: { queue: string; waiting: number; inHands: number }[];
  };
  const found = data.find((candidate) => candidate.queue === queue);
  return { waiting: found?.waiting, inHands: found?.inHands };
}

describe('the dead-letter queues', () => {
  test('are listed with what they hold and how it goes again', async () => {
    const { status, body } = await callApi(handler, 'listDeadLetters', { path: OPERATOR });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: Object.entries(DEAD_LETTER_QUEUES).map(([queue, { contains, way }]) => ({ queue, contains, way, waiting: 0, inHands: 0 })),
      next: null,
    });
  });

  test('open to no tenant', async () => {
    await leave('rule', 'of anybody');
    for (const claims of [{ tenant: 'mvno-example' }, {}]) {
      expect((await callApi(handler, 'listDeadLetters', { path: OPERATOR, claims })).status).toBe(403);
      const body = { dryRun: false };
      expect((await callApi(handler, 'redriveDeadLetters', { path: { ...OPERATOR, queue: 'rule' }, body, claims })).status).toBe(403);
    }
    expect((await callApi(handler, 'listDeadLetters', { path: { tenant: 'mvno-example' } })).status).toBe(400);
    expect(await depth('rule')).toEqual({ waiting: 1, inHands: 0 });
    await redriveNow('rule');
  });

  test.each([
    [undefined, 200],
    [{}, 200],
    [{ dryRun: true }, 200],
    [{ dryRun: 'no' }, 400],
    [{ dryrun: false }, 400],
  ])('are only counted for a request of %j', async (body, status) => {
    await leave('consume-notifications', 'counted');
    expect((await redrive('consume-notifications', body)).status).toBe(status);
    expect(await depth('consume-notifications')).toEqual({ waiting: 1, inHands: 0 });
    expect(received).toEqual([]);
    await redriveNow('consume-notifications');
  });

  test('of another name do not exist', async () => {
    expect((await redrive('none')).status).toBe(400);
  });
});

describe('what is behind a queue', () => {
  test.each([
    ['consume-notifications', 'consume-notifications'],
    ['record-email-receipts', 'record-email-receipts'],
    ['pause-marketing', 'pause-marketing'],
    ['take-sms-replies', 'take-sms-replies'],
  ] as const)('goes from %s by a move task to %s, once', async (queue, function_) => {
    await leave(queue, 'one');
    await leave(queue, 'two');
    const report = await redriveNow(queue);
    expect(report).toMatchObject({
      queue,
      way: 'move',
      dryRun: false,
      found: 2,
      move: { state: 'completed', moved: 2, total: 2 },
      goesOn: false,
    });
    await vi.waitFor(() => expect(received).toEqual([`${function_} one`, `${function_} two`]), patience);
    expect(await redriveNow(queue)).toMatchObject({ found: 0, move: { moved: 0 } });
    expect(received).toHaveLength(2);
    const { body } = await callApi(handler, 'listDeadLetters', { path: OPERATOR });
    expect(body.data).toContainEqual(
      expect.objectContaining({ queue, waiting: 0, lastMove: expect.objectContaining({ state: 'completed' }) }),
    );
  });
});

describe('what a rule could not deliver', () => {
  test.each([
    ['rule', 'consume-notifications'],
    ['email-receipts-rule', 'record-email-receipts'],
  ] as const)('goes from %s to %s one by one, all of it', async (queue, function_) => {
    const bodies = Array.from({ length: 25 }, (_, index) => `event ${index}`);
    for (const body of bodies) await leave(queue, body);
    expect(await redriveNow(queue)).toEqual({ queue, way: 'send', dryRun: false, found: 25, handled: { sent: 25 }, goesOn: false });
    await vi.waitFor(() => expect(received.toSorted()).toEqual(bodies.map((body) => `${function_} ${body}`).toSorted()), patience);
    expect(await depth(queue)).toEqual({ waiting: 0, inHands: 0 });
  });
});

describe('a run that failed for good', () => {
  async function recorded(): Promise<WorkflowStart> {
    const account = `acc-${accounts}`;
    const content = notification({ account });
    const id = eventId(content);
    const decision = { start: ['low-allowance' as const], configuration: 'v-1' };
    const receivedAt = new Date(NOW).toISOString();
    const event = { id, notification: content, receivedAt, decision, original: undefined };
    await recordEvent(database.table, createDayDirectory(database.table, 8), 8, event);
    return { tenant: content.tenant, account, eventId: id };
  }
  const run = (start: WorkflowStart) => ({ ...start, workflow: 'low-allowance' as const });
  const stored = (start: WorkflowStart) => findRun(database.table, run(start));
  async function finished(start: WorkflowStart, outcome: RunOutcome['outcome']): Promise<void> {
    await startRun(database.table, run(start), { configuration: 'v-1', at: NOW });
    await finishRun(database.table, run(start), { outcome, reason: 'StepError' }, NOW);
  }
  const redriveOf = async (start: WorkflowStart) => {
    await leave('workflows', JSON.stringify(start));
    return (await redriveNow('workflows')).handled;
  };

  test('is started again under a name of its own, with its failure kept', async () => {
    const start = await recorded();
    await finished(start, 'failed');
    expect(await redriveOf(start)).toEqual({ started: 1 });
    expect(await stored(start)).toEqual({
      workflow: 'low-allowance',
      state: 'running',
      configuration: 'v-1',
      startedAt: new Date(NOW).toISOString(),
      waits: [],
      redrives: 1,
      failures: [{ finishedAt: new Date(NOW).toISOString(), result: { outcome: 'failed', reason: 'StepError' } }],
    });
    await finishRun(database.table, run(start), { outcome: 'failed', reason: 'again' }, NOW);
    expect(await redriveOf(start)).toEqual({ started: 1 });
    expect(await stored(start)).toMatchObject({ redrives: 2, failures: [{}, { result: { reason: 'again' } }] });
    expect(started).toEqual([`low-allowance ${start.account} 1`, `low-allowance ${start.account} 2`]);
  });

  test('before it could say a word is started again', async () => {
    const start = await recorded();
    expect(await redriveOf(start)).toEqual({ started: 1 });
    expect(await stored(start)).toMatchObject({ state: 'running', redrives: 1, configuration: 'v-1' });
    const silent = { ...start };
    expect(await redriveOf(silent)).toEqual({ started: 1 });
    expect(started.at(-1)).toBe(`low-allowance ${start.account} 2`);
  });

  test('and is under way again, or has ended well, is left as it is', async () => {
    const start = await recorded();
    running = ['low-allowance 0'];
    expect(await redriveOf(start)).toEqual({ 'still-running': 1 });
    await finished(start, 'sent');
    expect(await redriveOf(start)).toEqual({ 'already-finished': 1 });
    expect(started).toEqual([]);
    expect(await depth('workflows')).toEqual({ waiting: 0, inHands: 0 });
  });

  test('is started under one name only once, by two who ask at the same time', async () => {
    const start = await recorded();
    await finished(start, 'failed');
    for (let copy = 0; copy < 2; copy += 1) await leave('workflows', JSON.stringify(start));
    const reports = await Promise.all([redriveNow('workflows'), redriveNow('workflows')]);
    const handled = reports.map(({ handled }) => handled as Record<string, number>);
    // The fake Lambda never says that a run is under way, so the second may be started after the first, under the next number.
    expect(handled.reduce((sum, { started: count = 0 }) => sum + count, 0)).toBe(started.length);
    expect(new Set(started).size).toBe(started.length);
  });

  test('while operations had an offer redeemed again is followed by a further one', async () => {
    const start = await recorded();
    const reference = { tenant: start.tenant, account: start.account, offerId: start.eventId };
    await startRun(database.table, { ...start, workflow: 'retention-offer' }, { configuration: 'v-1', at: NOW });
    await issueOffer(database.table, { ...reference, configuration: 'v-1' }, { offer: offer(), heldOut: false }, NOW);
    await acceptOffer(database.table, reference, { by: 'link', via: 'sms', at: NOW });
    await markOfferStuck(database.table, reference, 'unknown-twice', NOW);
    await retryOffer(database.table, reference);
    await startRedemption(database.table, reference);

    running = ['retention-offer 0', 'retention-offer 1001', 'low-allowance 0'];
    expect(await redriveOf(start)).toEqual({ 'still-running': 1 });
    running = ['retention-offer 0', 'low-allowance 0'];
    expect(await redriveOf(start)).toEqual({ started: 1 });
    expect(started).toEqual([`retention-offer ${start.account} 1002`]);
    expect(await findOffer(database.table, reference)).toMatchObject({ state: 'accepted', retries: 2 });
  });

  test('and was a replay goes on in a further execution, until it is done', async () => {
    const id = `01K8XK9M3QZ5J6W7V8N9PR${String(accounts).padStart(4, '0')}`;
    const [from, to] = [NOW - 3_600_000, NOW].map((at) => new Date(at).toISOString()) as [string, string];
    await createReplay(database.table, { id, tenant: 'mvno-example', from, to, dryRun: false, createdAt: to });
    const body = JSON.stringify({ tenant: 'mvno-example', replay: id, part: 1 });
    await leave('workflows', body);
    expect((await redriveNow('workflows')).handled).toEqual({ started: 1 });
    expect(started).toEqual([`replay ${id} 2`]);
    await leave('workflows', JSON.stringify({ tenant: 'mvno-example', replay: '01K8XK9M3QZ5J6W7V8N9PRZZZZ', part: 1 }));
    expect((await redriveNow('workflows')).handled).toEqual({ 'already-finished': 1 });
  });

  test('stays in the queue where nobody can tell what it was', async () => {
    const unknown = JSON.stringify({ tenant: 'mvno-example', account: 'none', eventId: '01KKNTQ0YNEYYDECQM1ACT93CY' });
    for (const body of ['not JSON', '{"tenant":"mvno-example"}', unknown]) await leave('workflows', body);
    expect((await redriveNow('workflows')).handled).toEqual({ unreadable: 2, 'unknown-event': 1 });
    expect(await depth('workflows')).toEqual({ waiting: 0, inHands: 3 });
  });
});

describe('receipts of texts', () => {
  test('are given to their function again, and stay where that fails', async () => {
    await leave('record-sms-receipts', '{"awslogs":1}');
    callSucceeds = false;
    expect((await redriveNow('record-sms-receipts')).handled).toEqual({ 'failed-again': 1 });
    expect(await depth('record-sms-receipts')).toEqual({ waiting: 0, inHands: 1 });
    callSucceeds = true;
    await leave('record-sms-receipts', '{"awslogs":2}');
    expect((await redriveNow('record-sms-receipts')).handled).toEqual({ invoked: 1 });
    expect(called).toEqual(['record-sms-receipts {"awslogs":1}', 'record-sms-receipts {"awslogs":2}']);
  });
});
