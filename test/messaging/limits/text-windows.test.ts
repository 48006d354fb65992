import { expect, test } from 'vitest';
import { hasRoom } from '../../../src/messaging/limits/text-windows.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const MINUTE = 60_000;
const limit = { perHour: 2, perDay: 3 };

test.each([
  ['none before', [], true],
  ['one in the hour', [NOW - MINUTE], true],
  ['two in the hour', [NOW - MINUTE, NOW - 59 * MINUTE], false],
  ['two, of which one is exactly an hour old', [NOW - MINUTE, NOW - 60 * MINUTE], true],
  ['three in the day', [NOW - 2 * 60 * MINUTE, NOW - 3 * 60 * MINUTE, NOW - 23 * 60 * MINUTE], false],
  ['three, of which one is exactly a day old', [NOW - 2 * 60 * MINUTE, NOW - 3 * 60 * MINUTE, NOW - 24 * 60 * MINUTE], true],
  ['two by clocks that are ahead', [NOW + MINUTE, NOW + MINUTE], false],
])('beside %s', (_what, times, answer) => {
  expect(hasRoom(times, NOW, limit)).toBe(answer);
});
