import { afterAll, beforeAll, expect, test } from 'vitest';
import { redriveRun } from '../../../src/operations/run-redrives.ts';
import { findRun, finishRun, listRuns, type RunReference, recordWait, startRun } from '../../../src/workflows/engine/run-records.ts';
import { EVENT_ID } from '../../builders/records.ts';
import { openTestTable, type TestTable } from '../../builders/table.ts';

const AT = Date.UTC(2026, 4, 1, 8);

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

const run = (account: string, workflow: RunReference['workflow'] = 'low-allowance'): RunReference => ({
  tenant: 'mvno-example',
  account,
  eventId: EVENT_ID,
  workflow,
});

test('a run keeps the version that it began with', async () => {
  expect(await startRun(database.table, run('acc-begin'), { configuration: 'v-1', at: AT })).toEqual({ configuration: 'v-1' });
  expect(await startRun(database.table, run('acc-begin'), { configuration: 'v-2', at: AT + 1 })).toEqual({ configuration: 'v-1' });
});

test('what a run waits for is noted in order', async () => {
  await startRun(database.table, run('acc-wait'), { configuration: 'v-1', at: AT });
  for (const waitingFor of ['recovery', 'renewal']) {
    await recordWait(database.table, run('acc-wait'), { waitingFor, until: '2026-05-02T08:00:00.000Z', at: AT });
  }
  expect((await findRun(database.table, run('acc-wait')))?.waits.map(({ step }) => step)).toEqual(['recovery', 'renewal']);
});

test('nothing is noted of a run that never began', async () => {
  const wait = { waitingFor: 'recovery', until: '2026-05-02T08:00:00.000Z', at: AT };
  await expect(recordWait(database.table, run('acc-none'), wait)).rejects.toThrow('conditional request failed');
  expect(await finishRun(database.table, run('acc-none'), { outcome: 'sent' }, AT)).toBe('conflict');
  expect(await findRun(database.table, run('acc-none'))).toBeUndefined();
});

test('of two ends the first stands', async () => {
  await startRun(database.table, run('acc-end'), { configuration: 'v-1', at: AT });
  expect(await finishRun(database.table, run('acc-end'), { outcome: 'merged', event: EVENT_ID }, AT)).toBe('done');
  expect(await finishRun(database.table, run('acc-end'), { outcome: 'merged' }, AT)).toBe('already-done');
  expect(await finishRun(database.table, run('acc-end'), { outcome: 'sent' }, AT)).toBe('conflict');
  expect(await findRun(database.table, run('acc-end'))).toMatchObject({
    state: 'finished',
    result: { outcome: 'merged', event: EVENT_ID },
  });
});

test('a run that is part of another one’s episode is counted there, once however often its end is noted', async () => {
  const reference = run('acc-repeats', 'renewal-failed');
  const ids = [1, 2].map((number) => `01KQHA8V00Z5J6W7V8N9P0R1T${number}`);
  for (const eventId of [EVENT_ID, ...ids]) await startRun(database.table, { ...reference, eventId }, { configuration: 'v-1', at: AT });
  const absorbed = { outcome: 'part-of-episode', event: EVENT_ID } as const;
  for (const [index, eventId] of ids.entries()) {
    expect(await finishRun(database.table, { ...reference, eventId }, absorbed, AT + index)).toBe('done');
    expect(await finishRun(database.table, { ...reference, eventId }, absorbed, AT + 9)).toBe('already-done');
  }
  expect(await findRun(database.table, reference)).toMatchObject({
    state: 'running',
    repeats: 2,
    lastRepeatAt: '2026-05-01T08:00:00.001Z',
  });
});

test('a run that is part of an episode whose record has expired ends all the same', async () => {
  const eventId = '01KQHA8V00Z5J6W7V8N9P0R1T3';
  await startRun(database.table, { ...run('acc-expired'), eventId }, { configuration: 'v-1', at: AT });
  expect(await finishRun(database.table, { ...run('acc-expired'), eventId }, { outcome: 'part-of-episode', event: EVENT_ID }, AT)).toBe(
    'done',
  );
  expect(await findRun(database.table, run('acc-expired'))).toBeUndefined();
});

test('a run that failed is started again, once for all who ask, and keeps how it had ended', async () => {
  const reference = run('acc-redrive');
  await startRun(database.table, reference, { configuration: 'v-1', at: AT });
  await finishRun(database.table, reference, { outcome: 'failed', reason: 'Error' }, AT);
  const was = await findRun(database.table, reference);
  const redrives = await Promise.all([1, 2, 3].map(() => redriveRun(database.table, reference, { was, configuration: 'v-1', at: AT })));
  expect(redrives.filter(({ outcome }) => outcome === 'done')).toEqual([{ outcome: 'done', redrive: 1 }]);
  expect(await findRun(database.table, reference)).toMatchObject({ state: 'running', failures: [{ result: { outcome: 'failed' } }] });
});

test('the runs of an event are those of this event alone', async () => {
  await startRun(database.table, run('acc-list', 'win-back'), { configuration: 'v-1', at: AT });
  await startRun(database.table, run('acc-list', 'plan-expiry'), { configuration: 'v-1', at: AT });
  await startRun(database.table, { ...run('acc-list'), eventId: `${EVENT_ID.slice(0, -1)}3` }, { configuration: 'v-1', at: AT });
  const runs = await listRuns(database.table, 'mvno-example', 'acc-list', EVENT_ID);
  expect(runs.map(({ workflow }) => workflow)).toEqual(['plan-expiry', 'win-back']);
});
