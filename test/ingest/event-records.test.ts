import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { listAccountEvents, listTenantEvents } from '../../src/ingest/event-lists.ts';
import { findEvent, MAX_EVENT_BYTES, recordEvent } from '../../src/ingest/event-records.ts';
import { recordedEvent } from '../builders/records.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const START = Date.UTC(2026, 4, 1);
const HOUR = 3_600_000;

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

function record(parts: Record<string, unknown>, shards = 8) {
  return recordEvent(database.table, createDayDirectory(database.table, shards), shards, recordedEvent(parts));
}

const contents: [claim: string, parts: Record<string, unknown>][] = [
  ['empty fields', { fields: {} }],
  ['empty text, lists and objects', { fields: { text: '', list: [], object: {}, nothing: null } }],
  ['numbers that DynamoDB would round or refuse', { fields: { small: 5e-324, large: 1.7976931348623157e308, long: 0.1234567890123456 } }],
  ['a threshold of zero, and one below', { threshold: 0, fields: { below: -0.5 } }],
  ['text of every script, and control characters', { fields: { text: 'שלום 你好 🙂 \u0000\u001f "' } }],
  ['nesting deeper than DynamoDB takes', { fields: { deep: JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`) } }],
  ['keys that are words of DynamoDB', { fields: { 'a.b': 1, '#name': 2, ':value': 3, select: 4 } }],
  ['a device and a session', { device: '15550100', session: 'sess-1', previousState: 'normal' }],
];

describe('an event is read as it was recorded', () => {
  test.each(contents)('with %s', async (claim, parts) => {
    const event = recordedEvent({ account: `acc-${claim}`, ...parts });
    expect(await record({ account: `acc-${claim}`, ...parts })).toEqual({ outcome: 'done', event });
    expect(await findEvent(database.table, 'mvno-example', `acc-${claim}`, event.id)).toEqual(event);
  });

  test('at the largest that one item takes', async () => {
    const parts = { account: 'acc-large', fields: { text: 'x'.repeat(MAX_EVENT_BYTES - 1_000) } };
    const { event } = await record(parts);
    expect(await findEvent(database.table, 'mvno-example', 'acc-large', event.id)).toEqual(event);
  });
});

test('a repeat answers with what was recorded first, its decision included', async () => {
  const { event } = await record({ account: 'acc-repeat' });
  const recordDay = createDayDirectory(database.table, 8);
  const again = { ...event, receivedAt: '2026-05-02T00:00:00.000Z', decision: { start: [], reason: 'stale' as const } };
  expect(await recordEvent(database.table, recordDay, 8, again)).toEqual({ outcome: 'already-done', event });
});

test('of many deliveries at once one is the first', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => record({ account: 'acc-race' })));
  expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
});

test('an event that was never recorded is undefined', async () => {
  expect(await findEvent(database.table, 'mvno-example', 'acc-none', recordedEvent().id)).toBeUndefined();
});

describe('a list of events', () => {
  const times = Array.from({ length: 30 }, (_, hour) => new Date(START + hour * 2 * HOUR).toISOString());
  beforeAll(async () => {
    for (const [index, occurredAt] of times.entries()) await record({ tenant: 'mvno-list', account: `acc-${index % 2}`, occurredAt });
  });

  async function walk(list: { descending: boolean; limit: number; from?: number; to?: number; account?: string }): Promise<string[]> {
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const query = { tenant: 'mvno-list', accepts: () => true, after, ...list };
      const page = await (list.account
        ? listAccountEvents(database.table, { ...query, account: list.account })
        : listTenantEvents(database.table, query));
      found.push(...page.entries.map(({ value }) => value.notification.occurredAt));
      if (page.position === undefined) return found;
      after = page.position;
    }
  }

  const walks = [true, false].flatMap((descending) => [1, 2, 7, 30, 100].map((limit) => ({ descending, limit })));
  test.each(walks)('of a tenant is whole and in order: %o', async (list) => {
    expect(await walk(list)).toEqual(list.descending ? times.toReversed() : times);
  });

  test.each(walks)('of an account is whole and in order: %o', async (list) => {
    const own = times.filter((_time, index) => index % 2 === 1);
    expect(await walk({ ...list, account: 'acc-1' })).toEqual(list.descending ? own.toReversed() : own);
  });

  test.each([undefined, 'acc-0'])('takes its beginning and leaves out its end (%s)', async (account) => {
    const [from, to] = [START + 4 * HOUR, START + 8 * HOUR];
    const range = { descending: false, limit: 10, from, to, ...(account === undefined ? {} : { account }) };
    expect(await walk(range)).toEqual(account === undefined ? [times[2], times[3]] : [times[2]]);
  });

  test('that ends before it begins is empty', async () => {
    expect(await walk({ descending: true, limit: 5, from: START + HOUR, to: START })).toEqual([]);
  });

  test('holds what was recorded over other numbers of shards', async () => {
    for (const shards of [1, 16, 3]) await record({ tenant: 'mvno-shards', account: `acc-${shards}`, fields: { shards } }, shards);
    const page = await listTenantEvents(database.table, { tenant: 'mvno-shards', limit: 10, descending: true, accepts: () => true });
    expect(page.entries).toHaveLength(3);
  });
});
