import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDayDirectory } from '../../src/ingest/day-directory.ts';
import { findQuarantined, listQuarantine, type Quarantine, quarantineEvent } from '../../src/ingest/quarantine.ts';
import { discardQuarantined, redriveQuarantined } from '../../src/ingest/quarantine-changes.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = Date.UTC(2026, 4, 1, 8);
const fault = { path: 'detail.providerid', expected: 'text', received: 'nothing' };

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

function put(tenant: string, parts: Partial<Quarantine> = {}) {
  const event: Quarantine = {
    tenant,
    reason: 'invalid',
    faults: [fault],
    original: '{"a":1}',
    originalIs: 'detail',
    envelopeTime: AT,
    sentAt: AT,
    envelopeId: 'envelope-1',
    receivedAt: '2026-05-01T08:00:02.000Z',
    ...parts,
  };
  return quarantineEvent(database.table, createDayDirectory(database.table, 8), event);
}

async function only(tenant: string): Promise<{ tenant: string; id: string }> {
  const { entries } = await listQuarantine(database.table, { tenant, limit: 10, descending: true });
  expect(entries).toHaveLength(1);
  return { tenant, id: entries[0]?.id ?? '' };
}

describe('an event that is put aside keeps its words', () => {
  const originals: [claim: string, original: string, isCut: boolean][] = [
    ['as they came', '{"a": 1.0, "b":"\\u00e9"}', false],
    ['where there are none', '', false],
    ['compressed where they are long', `{"a":"${'x'.repeat(900_000)}"}`, false],
    ['cut where even that is too long', `{"a":"${randomBytes(500_000).toString('hex')}"}`, true],
  ];
  test.each(originals)('%s', async (claim, original, isCut) => {
    const tenant = `mvno-${originals.findIndex(([one]) => one === claim)}`;
    await put(tenant, { original });
    const { id } = await only(tenant);
    const row = await findQuarantined(database.table, tenant, id);
    expect(row).toMatchObject({ originalIsCut: isCut, faults: [fault], state: 'quarantined', envelopeId: 'envelope-1' });
    expect(original.startsWith(row?.original ?? 'nothing')).toBe(true);
    if (!isCut) expect(row?.original).toBe(original);
  });
});

test('a repeat is the same row', async () => {
  expect(await put('mvno-repeat')).toEqual({ outcome: 'done' });
  expect(await put('mvno-repeat', { envelopeId: 'envelope-2' })).toEqual({ outcome: 'already-done' });
  await only('mvno-repeat');
});

test('an event is redriven, and after that not discarded', async () => {
  await put('mvno-redrive');
  const row = await only('mvno-redrive');
  const correction = '{"a":2}';
  expect(await redriveQuarantined(database.table, row, { correction, at: AT })).toMatchObject({
    outcome: 'done',
    event: { state: 'redriven', redrives: 1, correction },
  });
  expect(await redriveQuarantined(database.table, row, { correction, at: AT })).toMatchObject({ outcome: 'already-done' });
  expect(await discardQuarantined(database.table, row, { reason: 'noise', at: AT })).toMatchObject({ outcome: 'conflict' });
});

test('an event is discarded for one reason', async () => {
  await put('mvno-discard');
  const row = await only('mvno-discard');
  const outcomes = ['noise', 'noise', 'other'].map((reason) => () => discardQuarantined(database.table, row, { reason, at: AT }));
  for (const expected of ['done', 'already-done', 'conflict']) expect(await outcomes.shift()?.()).toMatchObject({ outcome: expected });
});

test('a row that is not there is not changed', async () => {
  const row = { tenant: 'mvno-none', id: '01KQHA8V00Z5J6W7V8N9P0R1S2' };
  expect(await redriveQuarantined(database.table, row, { correction: undefined, at: AT })).toBeUndefined();
  expect(await discardQuarantined(database.table, row, { reason: 'noise', at: AT })).toBeUndefined();
});

test.each([1, 2, 25])('the list is whole over days in pages of %i', async (limit) => {
  const tenant = `mvno-pages-${limit}`;
  const days = [0, 0, 1, 5, 40].map((day, index) => AT + day * 86_400_000 + index);
  for (const [index, envelopeTime] of days.entries()) await put(tenant, { envelopeTime, original: String(index) });
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listQuarantine(database.table, { tenant, limit, descending: false, after });
    found.push(...page.entries.map(({ id }) => id));
    if (page.position === undefined) break;
    after = page.position;
  }
  expect(found).toHaveLength(5);
  expect(found).toEqual(found.toSorted());
});
