import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { parseMailbox } from '../../../src/messaging/carriers/mailbox.ts';
import { shortTexts } from '../../builders/short-texts.ts';

/** What the reader answered when it was a pattern, of cubic work. */
function parseByPattern(from: string): { name: string; address: string } {
  const parts = /^\s*(.*?)\s*<([^<>]*)>\s*$/s.exec(from);
  if (!parts) return { name: '', address: from.trim() };
  return { name: (parts[1] ?? '').replace(/^"(.*)"$/s, '$1'), address: parts[2] ?? '' };
}

test('a mailbox is read as the pattern read it, of every short text', () => {
  const others = [...shortTexts('a<>" \n@', 5)].filter((text) => !isDeepStrictEqual(parseMailbox(text), parseByPattern(text)));
  expect(others).toEqual([]);
});

test.each([' '.repeat(1_000_000), '<'.repeat(1_000_000), `${' <'.repeat(500_000)}>x`])('a long mailbox is read at once', (text) => {
  expect(parseMailbox(text)).toEqual({ name: '', address: text.trim() });
});
