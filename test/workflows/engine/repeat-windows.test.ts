import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lowestUlid } from '../../../src/platform/ulid.ts';
import type { EpisodeSubject } from '../../../src/workflows/engine/episode-records.ts';
import { openRepeatWindow } from '../../../src/workflows/engine/repeat-windows.ts';
import { openTestTable, type TestTable } from '../../builders/table.ts';

const NOON = Date.parse('2026-05-01T12:00:00Z');
const MINUTE = 60_000;
const SECONDS = 30 * 60;

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

const on = (subject: string): EpisodeSubject => ({ tenant: 'mvno-example', account: 'acc-1', workflow: 'win-back', subject });
const at = (minutes: number) => lowestUlid(NOON + minutes * MINUTE);
const open = (subject: string, minutes: number) =>
  openRepeatWindow(database.table, on(subject), { eventId: at(minutes), seconds: SECONDS });

/** Which of the events, by their minutes, open an episode when they arrive in this order. */
async function openersOf(subject: string, arrivals: number[]): Promise<number[]> {
  const openers: number[] = [];
  for (const minutes of arrivals) if ((await open(subject, minutes)) === undefined) openers.push(minutes);
  return openers;
}

describe('events within an episode’s length of one that was told are part of it, in any order of arrival', () => {
  test.each([
    { arrivals: [0, 31, -5], openers: [0, 31] },
    { arrivals: [0, 31, 5, 26], openers: [0, 31] },
    { arrivals: [0, -31, 5], openers: [0, -31] },
    { arrivals: [0, 60, 120, 29, 61, 91], openers: [0, 60, 120] },
    { arrivals: [120, 0, 60, 149, -29, 31], openers: [120, 0, 60] },
    { arrivals: [0, 30, 60, -30], openers: [0, 30, 60, -30] },
    { arrivals: [0, 29, 58], openers: [0, 58] },
  ])('$arrivals', async ({ arrivals, openers }) => {
    expect(await openersOf(arrivals.join(), arrivals)).toEqual(openers);
  });

  test('each names the one that told it, and that one opens again what it opened', async () => {
    await openersOf('names', [0, 31, 62]);
    expect([await open('names', -5), await open('names', 35), await open('names', 85)]).toEqual([at(0), at(31), at(62)]);
    expect([await open('names', 0), await open('names', 31), await open('names', 62)]).toEqual([undefined, undefined, undefined]);
  });

  test('of many that come at once no two within its length open one', async () => {
    const minutes = Array.from({ length: 12 }, (_, index) => index * 10);
    const answers = await Promise.all(minutes.map((one) => open('race', one)));
    const openers = minutes.filter((_, index) => answers[index] === undefined);
    expect(openers.length).toBeGreaterThan(1);
    expect(openers.every((one, index) => index === 0 || one - Number(openers[index - 1]) >= 30)).toBe(true);
  });
});

test('a subject remembers its latest 24 episodes; what occurred before all of them is told no more', async () => {
  const arrivals = Array.from({ length: 30 }, (_, index) => index * 40);
  expect(await openersOf('bounded', arrivals)).toEqual(arrivals);
  expect(await open('bounded', 6 * 40 - 5)).toBe(at(6 * 40));
  expect(await open('bounded', -100)).toBe(at(6 * 40));
  expect(await open('bounded', 6 * 40 + 20)).toBe(at(6 * 40));
  expect(await open('bounded', 30 * 40)).toBeUndefined();
});
