import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { highestUlid, lowestUlid, ULID_PATTERN, ulidTime } from '../../../src/platform/ulid.ts';
import { eventId } from '../../../src/schemas/event/event-id.ts';
import { Notification } from '../../../src/schemas/event/notification.ts';
import { notificationType } from '../../../src/schemas/event/notification-type.ts';

type Vector = { title: string; content: Record<string, unknown> & { name: string }; id: string };

/** Computed once by another program in another language from the definition in docs/data-model.md. They never change. */
const vectors: Vector[] = JSON.parse(readFileSync(new URL('../../fixtures/event-id-vectors.json', import.meta.url), 'utf8'));

describe('the id of a notification', () => {
  test.each(vectors)('is the golden one for $title', ({ content, id }) => {
    const type = notificationType(content.name, 'threshold' in content);
    expect(eventId(Notification.parse({ ...content, type }))).toBe(id);
  });

  test('holds the time of occurrence', () => {
    for (const { content, id } of vectors) expect(new Date(ulidTime(id)).toISOString()).toBe(content.occurredAt);
  });
});

describe('a ULID', () => {
  test.each([0, 1, Date.UTC(2026, 2, 14), 2 ** 48 - 1])('of time %d gives the time back', (milliseconds) => {
    expect(ulidTime(lowestUlid(milliseconds))).toBe(milliseconds);
    expect(ulidTime(highestUlid(milliseconds))).toBe(milliseconds);
  });

  test('sorts as its time does, the highest of one millisecond before the lowest of the next', () => {
    expect(highestUlid(41) < lowestUlid(42)).toBe(true);
    expect(lowestUlid(42) < highestUlid(42)).toBe(true);
    expect(ULID_PATTERN.test(highestUlid(2 ** 48 - 1))).toBe(true);
  });
});
