import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRange } from '../../src/platform/table.ts';
import { isSuppressed, suppress, unsuppress } from '../../src/profiles/suppressions.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const BOUNCED = { reason: 'hard-bounce', at: '2026-05-01T08:00:00.000Z' };

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

test('an address on the list is known in any letter case, to its tenant and channel alone, and by its hash', async () => {
  const { table } = database;
  expect(await suppress(table, 'mvno-a', 'email', 'Ada@Example.com', BOUNCED)).toBe('done');
  expect(await suppress(table, 'mvno-a', 'email', 'ada@example.com ', { ...BOUNCED, reason: 'complaint' })).toBe('already-done');
  expect(await isSuppressed(table, 'mvno-a', 'email', 'ada@example.com')).toBe(true);
  expect(await isSuppressed(table, 'mvno-b', 'email', 'ada@example.com')).toBe(false);
  expect(await isSuppressed(table, 'mvno-a', 'sms', 'ada@example.com')).toBe(false);
  const { items } = await readRange(table, { partition: 'TENANT#mvno-a#SUPPRESSION', from: '!', to: '~', descending: false }, 10);
  expect(items).toEqual([{ pk: 'TENANT#mvno-a#SUPPRESSION', sk: expect.stringMatching(/^email#[0-9a-f]{64}$/), ...BOUNCED }]);
});

test('an address that is taken off the list, once or twice, may be written to', async () => {
  const { table } = database;
  await suppress(table, 'mvno-a', 'sms', '+14155550101', BOUNCED);
  await unsuppress(table, 'mvno-a', 'sms', '+1 415 555 0101');
  await unsuppress(table, 'mvno-a', 'sms', '+14155550101');
  expect(await isSuppressed(table, 'mvno-a', 'sms', '+14155550101')).toBe(false);
});
