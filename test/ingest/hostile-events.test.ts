import { describe, expect, test } from 'vitest';
import { fitsOneItem } from '../../src/ingest/event-records.ts';
import { parseEvent } from '../../src/ingest/parse-event.ts';
import { eventId } from '../../src/schemas/event/event-id.ts';
import { hostileShapes } from '../../tooling/traffic/hostile-shapes.ts';

/** Looking over text, walking through values, and a second look at what is refused: each of them once for each byte at most. */
const MAX_STEPS_PER_BYTE = 4;

/** In no value of the corpus, and in no words of ours. */
const MARK = 'q7Zq7Z';

describe.each([1_500, 12_000])('hostile events of about %d bytes', (bytes) => {
  const shapes = [...hostileShapes({ bytes, seed: 7 })];
  const parsed = shapes.map(({ name, body }) => {
    const work = { steps: 0 };
    return { name, body, read: parseEvent(body, work), steps: work.steps };
  });

  test('are the same for the same seed, in every field of both shapes and of the envelope', () => {
    expect([...hostileShapes({ bytes, seed: 7 })]).toEqual(shapes);
    expect(new Set(shapes.map(({ name }) => name)).size).toBe(shapes.length);
    expect(shapes.length).toBeGreaterThan(2_000);
  });

  test('end valid or invalid, with work that grows no faster than they do', () => {
    const tooMuch = parsed.filter(({ body, steps }) => steps > MAX_STEPS_PER_BYTE * Buffer.byteLength(body));
    expect(tooMuch.map(({ name }) => name)).toEqual([]);
  });

  test('that are valid have an id, and are told to fit one item or not', () => {
    for (const { name, read } of parsed) {
      if (!read.valid) continue;
      expect(eventId(read.notification), name).toMatch(/^[0-9A-Z]{26}$/);
      const receivedAt = '2026-05-01T08:00:00.000Z';
      expect(typeof fitsOneItem({ ...read, receivedAt, decision: { start: [], reason: 'stale' } }), name).toBe('boolean');
    }
  });

  test('that are invalid say where and what is expected, in few and short words, and keep the sender’s', () => {
    for (const { name, body, read } of parsed) {
      if (read.valid) continue;
      expect(read.faults.length, name).toBeGreaterThan(0);
      expect(read.faults.length, name).toBeLessThanOrEqual(100);
      expect(JSON.stringify(read.faults).length, name).toBeLessThan(100 * 600);
      expect(body, name).toContain(read.original);
    }
  });
});

test('faults hold no values of a hostile event', () => {
  const identity = { account: `${MARK}#account`, session: `${MARK}-session` };
  for (const { name, body } of hostileShapes({ bytes: 1_500, seed: 3, identity })) {
    const read = parseEvent(body);
    if (!read.valid) expect(JSON.stringify(read.faults), name).not.toContain(MARK);
  }
});
