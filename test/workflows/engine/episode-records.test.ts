import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeEpisode, type EpisodeSubject, findEpisode, openEpisode } from '../../../src/workflows/engine/episode-records.ts';
import { openTestTable, type TestTable } from '../../builders/table.ts';

const NOW = Date.UTC(2026, 4, 1, 8);
const DAY = 86_400_000;
const [FIRST, SECOND, THIRD] = ['01KQHA8V00Z5J6W7V8N9P0R1S2', '01KQHA8V00Z5J6W7V8N9P0R1S3', '01KQHA8V00Z5J6W7V8N9P0R1S4'] as const;

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

const on = (subject: string): EpisodeSubject => ({ tenant: 'mvno-example', account: 'acc-1', workflow: 'plan-expiry', subject });
const open = (subject: string, eventId: string, parts: { now?: number; over?: string } = {}) =>
  openEpisode(database.table, on(subject), { eventId, until: (parts.now ?? NOW) + DAY, now: NOW, ...parts });

test('one episode is told at a time', async () => {
  expect(await open('one', FIRST)).toMatchObject({ outcome: 'done' });
  expect(await open('one', FIRST)).toMatchObject({ outcome: 'already-done' });
  expect(await open('one', SECOND)).toMatchObject({ outcome: 'conflict', episode: { eventId: FIRST } });
});

test('of many that open it at once one does', async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `01KQHA8V00Z5J6W7V8N9P0R1T${index}`);
  const outcomes = await Promise.all(ids.map((eventId) => open('race', eventId)));
  expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
});

test('an episode that ended by its time gives room to the next', async () => {
  await open('time', FIRST);
  expect(await open('time', SECOND, { now: NOW + DAY })).toMatchObject({ outcome: 'done', episode: { eventId: SECOND } });
});

test('an episode that a caller found to be over gives room', async () => {
  await open('over', FIRST);
  expect(await open('over', SECOND, { over: THIRD })).toMatchObject({ outcome: 'conflict' });
  expect(await open('over', SECOND, { over: FIRST })).toMatchObject({ outcome: 'done' });
});

test('a later event closes an episode, an earlier one does not', async () => {
  await open('close', SECOND);
  expect(await closeEpisode(database.table, on('close'), { eventId: FIRST, now: NOW })).toMatchObject({ outcome: 'conflict' });
  expect(await closeEpisode(database.table, on('close'), { eventId: THIRD, now: NOW })).toMatchObject({ outcome: 'done' });
  expect(await closeEpisode(database.table, on('close'), { eventId: THIRD, now: NOW })).toMatchObject({ outcome: 'already-done' });
  expect(await open('close', FIRST)).toMatchObject({ outcome: 'done' });
});

test('where no episode was there is none to close', async () => {
  const closed = await closeEpisode(database.table, on('none'), { eventId: FIRST, now: NOW });
  expect(closed).toEqual({ outcome: 'conflict', episode: undefined });
  expect(await findEpisode(database.table, on('none'))).toBeUndefined();
});
