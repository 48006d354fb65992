import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../../src/configuration/configurations.ts';
import { createDayDirectory } from '../../../src/ingest/day-directory.ts';
import { findEvent, recordEvent } from '../../../src/ingest/event-records.ts';
import { createReplaySteps, type ReplaySteps } from '../../../src/operations/replay/replay-steps.ts';
import { replay } from '../../../src/operations/replay/workflow.ts';
import { createReplay, findReplay, type NewReplay, nextPart, replayReply } from '../../../src/operations/replay-records.ts';
import { eventId } from '../../../src/schemas/event/event-id.ts';
import type { ReplayStart } from '../../../src/schemas/operations/replay.ts';
import type { Decision } from '../../../src/schemas/run/workflow.ts';
import { startRun } from '../../../src/workflows/engine/run-records.ts';
import { notification, published } from '../../builders/configuration.ts';
import { openTestTable, type TestTable } from '../../builders/table.ts';

const OCCURRED_AT = Date.UTC(2026, 4, 1, 8);
const NOW = OCCURRED_AT + 3_600_000;
/** More than two pages. */
const MANY = 15;
const EVENTS_PER_PAGE = 6;
const NOT_CONFIGURED: Decision = { start: [], reason: 'tenant-not-configured' };

let database: TestTable;
/** Every start that was asked for, and every one that Lambda would have made a run of. */
let asked: string[] = [];
let parts: ReplayStart[] = [];
let dies: (start: string) => boolean = () => false;
let ids = 0;

beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());
beforeEach(() => {
  asked = [];
  parts = [];
  dies = () => false;
});

function steps(): ReplaySteps {
  return createReplaySteps({
    table: database.table,
    configurations: createConfigurations(database.table, () => NOW),
    startExecution: async (workflow, { account, eventId: id }) => {
      const start = `${workflow} ${account} ${id}`;
      if (dies(start)) throw new Error('the process ended');
      asked.push(start);
    },
    startReplay: async (start) => void parts.push(start),
    eventsPerPage: EVENTS_PER_PAGE,
    now: () => NOW,
  });
}

/** Steps by their names, each tried once: what fails here is tried again by the test, as Lambda would. */
const context = { step: (_name: string, work: () => Promise<unknown>) => work() } as unknown as DurableContext;

async function ask(tenant: string, wish: Partial<NewReplay> = {}): Promise<ReplayStart> {
  ids += 1;
  const id = `01K8XK9M3QZ5J6W7V8N9P0${String(ids).padStart(4, '0')}`;
  const range = { from: new Date(OCCURRED_AT).toISOString(), to: new Date(NOW).toISOString() };
  await createReplay(database.table, { id, tenant, ...range, dryRun: false, createdAt: new Date(NOW).toISOString(), ...wish });
  return { tenant, replay: id, part: 1 };
}
const run = (start: ReplayStart, pagesPerPart?: number) => replay(steps(), pagesPerPart)(start, context);
async function stored({ tenant, replay: id }: ReplayStart) {
  const record = await findReplay(database.table, tenant, id);
  return record && replayReply(record);
}

async function record(tenant: string, count: number, decision: Decision = NOT_CONFIGURED): Promise<void> {
  const recordDay = createDayDirectory(database.table, 8);
  const receivedAt = new Date(OCCURRED_AT).toISOString();
  for (let from = 0; from < count; from += 50) {
    const group = Array.from({ length: Math.min(50, count - from) }, async (_, index) => {
      const content = notification({
        tenant,
        account: `acc-${from + index}`,
        occurredAt: new Date(OCCURRED_AT + from + index).toISOString(),
      });
      await recordEvent(database.table, recordDay, 8, {
        id: eventId(content),
        notification: content,
        receivedAt,
        decision,
        original: undefined,
      });
    });
    await Promise.all(group);
  }
}
const configure = (tenant: string) => publishConfiguration(database.table, published({ tenant }), new Date(NOW));
const unique = () => new Set(asked).size;

describe('a replay of a range', () => {
  test('counts, decides again, and starts each event once, over several pages and executions', async () => {
    await record('mvno-parts', MANY);
    await configure('mvno-parts');
    const start = await ask('mvno-parts');
    expect(await stored(start)).toMatchObject({ state: 'counting', total: null, done: 0 });
    let outcome = await run(start, 1);
    for (let part = 2; outcome.outcome === 'goes-on'; part += 1) {
      expect(parts.at(-1)).toEqual({ ...start, part });
      outcome = await run({ ...start, part }, 2);
    }
    expect(parts.length).toBeGreaterThan(2);
    expect(await stored(start)).toMatchObject({
      state: 'done',
      finishedAt: new Date(NOW).toISOString(),
      byType: { CounterThreshold: MANY },
      done: MANY,
      total: MANY,
      started: { 'low-allowance': MANY },
      skipped: {},
    });
    expect(unique()).toBe(MANY);
    expect(await nextPart(database.table, start)).toBeUndefined();
    const [first = ''] = asked;
    const [, account = '', id = ''] = first.split(' ');
    expect(await findEvent(database.table, 'mvno-parts', account, id)).toMatchObject({
      decision: NOT_CONFIGURED,
      redecision: { start: ['low-allowance'], configuration: 'v-1', replay: start.replay, at: new Date(NOW).toISOString() },
    });
  });

  test('as a dry run says the same and starts nothing', async () => {
    await record('mvno-dry', 5);
    await configure('mvno-dry');
    const start = await ask('mvno-dry', { dryRun: true });
    await run(start);
    expect(await stored(start)).toMatchObject({ state: 'done', total: 5, done: 5, started: { 'low-allowance': 5 }, skipped: {} });
    expect(asked).toEqual([]);
  });

  test('takes only the types and the time it is for', async () => {
    await record('mvno-some', 5);
    await configure('mvno-some');
    const none = await ask('mvno-some', { types: ['PlanExpired'] });
    await run(none);
    expect(await stored(none)).toMatchObject({ state: 'done', total: 0, byType: {} });
    const two = await ask('mvno-some', { from: new Date(OCCURRED_AT + 1).toISOString(), to: new Date(OCCURRED_AT + 3).toISOString() });
    await run(two);
    expect(asked.map((start) => start.split(' ')[1])).toEqual(['acc-1', 'acc-2']);
  });

  test('leaves events that ran, and says so', async () => {
    await record('mvno-ran', 3, { start: ['low-allowance'], configuration: 'v-1' });
    await configure('mvno-ran');
    const lost = await ask('mvno-ran');
    await run(lost);
    expect(asked).toHaveLength(3);
    for (const start of asked.slice(0, 2)) {
      const [, account = '', id = ''] = start.split(' ');
      await startRun(
        database.table,
        { tenant: 'mvno-ran', account, eventId: id, workflow: 'low-allowance' },
        { configuration: 'v-1', at: NOW },
      );
    }
    const second = await ask('mvno-ran');
    await run(second);
    expect(await stored(second)).toMatchObject({ started: { 'low-allowance': 1 }, skipped: { 'already-run': 2 } });
  });
});

describe('a replay that is cut off', () => {
  test.each([1, 3, 7, 14])('at its start number %d loses no start and counts nothing twice', async (kind) => {
    const tenant = `mvno-cut-${kind}`;
    await record(tenant, MANY);
    await configure(tenant);
    const start = await ask(tenant);
    dies = () => asked.length >= kind;
    await expect(run(start)).rejects.toThrow('the process ended');
    dies = () => false;
    // As after an execution that ended without a word: another one begins from the record.
    await run({ ...start, part: 2 });
    expect(await stored(start)).toMatchObject({ state: 'done', done: MANY, total: MANY, started: { 'low-allowance': MANY }, skipped: {} });
    expect(unique()).toBe(MANY);
  });

  test('in one step tries the step again without counting it twice', async () => {
    await record('mvno-step', 5);
    await configure('mvno-step');
    const start = await ask('mvno-step');
    const own = steps();
    const work = await own.page(start, await own.resume(start));
    dies = () => asked.length >= 3;
    await expect(own.page(start, work)).rejects.toThrow('the process ended');
    dies = () => false;
    expect(await own.page(start, work)).toMatchObject({ pass: 'over' });
    expect(await stored(start)).toMatchObject({ done: 5, started: { 'low-allowance': 5 } });
    expect(unique()).toBe(5);
  });
});

test('replays beside each other decide each event once, and start it by one name', async () => {
  await record('mvno-beside', MANY);
  await configure('mvno-beside');
  const both = [await ask('mvno-beside'), await ask('mvno-beside')];
  await Promise.all(both.map((start) => run(start)));
  expect(unique()).toBe(MANY);
  for (const start of both) expect(await stored(start)).toMatchObject({ state: 'done', done: MANY, total: MANY });
});

test('two executions of one replay count each event once', async () => {
  await record('mvno-twice', MANY);
  await configure('mvno-twice');
  const start = await ask('mvno-twice');
  await Promise.all([run(start), run({ ...start, part: 2 })]);
  expect(await stored(start)).toMatchObject({ state: 'done', done: MANY, total: MANY, started: { 'low-allowance': MANY }, skipped: {} });
  expect(unique()).toBe(MANY);
});
