import { afterAll, beforeAll, expect, test } from 'vitest';
import { isoTime } from '../../../src/platform/time.ts';
import { ulidTime } from '../../../src/platform/ulid.ts';
import type { NotificationType } from '../../../src/schemas/event/notification-type.ts';
import { findEpisode } from '../../../src/workflows/engine/episode-records.ts';
import { createEpisodeSteps, lastUntilThePlansEnd } from '../../../src/workflows/engine/episode-steps.ts';
import { published } from '../../builders/configuration.ts';
import { openTestTable, type TestTable } from '../../builders/table.ts';

const DAY = 86_400_000;
const TENANT = 'mvno-example';
const [FIRST, SECOND, THIRD] = ['01KQHA8V00Z5J6W7V8N9P0R1S2', '01KQHA8V00Z5J6W7V8N9P0R1S3', '01KQHA8V00Z5J6W7V8N9P0R1S4'] as const;
const NOW = ulidTime(FIRST);
const ENDINGS: NotificationType[] = ['PlanExpired'];

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

const steps = (now = NOW) => createEpisodeSteps('plan-expiry', { table: database.table, configurations, now: () => now });
const about = (account: string, eventId: string) => ({ tenant: TENANT, account, eventId });
const current = published();
const configurations = { current: async () => current, version: async () => current };
const plan = { subject: 'plan', seconds: 3 * 86_400, closedByTypes: ENDINGS };
const onRecord = (account: string, subject: string) => ({ tenant: TENANT, account, workflow: 'plan-expiry', subject }) as const;

test('an episode is closed once, and by the same event as often as it asks', async () => {
  await steps().openEpisode(about('acc-close', FIRST), plan);
  const episode = { workflow: 'plan-expiry', subject: 'plan' } as const;
  expect(await steps().closeEpisode(about('acc-close', SECOND), episode)).toBe(true);
  expect(await steps().closeEpisode(about('acc-close', SECOND), episode)).toBe(true);
  expect(await steps().closeEpisode(about('acc-close', THIRD), episode)).toBe(false);
});

test('an episode lasts until the plan’s end that its own event found, and never shorter', async () => {
  await steps().openEpisode(about('acc-end', FIRST), plan);
  const until = async () => (await findEpisode(database.table, onRecord('acc-end', 'plan')))?.until;
  await lastUntilThePlansEnd(database.table, { ...about('acc-end', SECOND), workflow: 'plan-expiry' }, NOW + 10 * DAY);
  await lastUntilThePlansEnd(database.table, { ...about('acc-end', FIRST), workflow: 'plan-expiry' }, NOW);
  expect(await until()).toBe(isoTime(NOW + 3 * DAY));
  await lastUntilThePlansEnd(database.table, { ...about('acc-end', FIRST), workflow: 'plan-expiry' }, NOW + 10 * DAY);
  expect(await until()).toBe(isoTime(NOW + 10 * DAY));
});
