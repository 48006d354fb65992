import { afterAll, beforeAll, expect, test } from 'vitest';
import { followLink, issueLink } from '../../src/messaging/links.ts';
import { digest } from '../../src/platform/hash.ts';
import { readItem } from '../../src/platform/table.ts';
import { linkKey } from '../../src/schemas/keys.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.parse('2026-05-01T08:00:00Z');
const target = { pk: 'TENANT#mvno-example#ACCOUNT#acc-1', sk: 'MESSAGE#1' };

let opened: TestTable;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());

test('a link is kept as the hash of its token and leads to its record', async () => {
  const token = await issueLink(opened.table, { kind: 'unsubscribe', target }, (bytes) => Buffer.alloc(bytes, 7));
  expect(token).toBe('BwcHBwcHBwcHBwcHBwcHBw');
  expect(await followLink(opened.table, { kind: 'unsubscribe', token }, NOW)).toEqual({ target });
  const key = linkKey(digest(token).toString('hex'));
  expect(await readItem(opened.table, key)).toEqual({ ...key, kind: 'unsubscribe', targetPk: target.pk, targetSk: target.sk });
});

test('links made twice both work, under different tokens', async () => {
  const tokens = await Promise.all([1, 2].map(() => issueLink(opened.table, { kind: 'unsubscribe', target })));
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(await followLink(opened.table, { kind: 'unsubscribe', token }, NOW)).toEqual({ target });
});

test('a link works until it expires', async () => {
  const token = await issueLink(opened.table, { kind: 'unsubscribe', target, expiresAt: NOW / 1_000 + 60 });
  expect(await followLink(opened.table, { kind: 'unsubscribe', token }, NOW + 59_999)).toEqual({ target });
  expect(await followLink(opened.table, { kind: 'unsubscribe', token }, NOW + 60_000)).toBeUndefined();
});
