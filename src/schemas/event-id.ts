import canonicalize from 'canonicalize';
import { digest } from '../runtime/hash.ts';
import type { Notification } from './notification.ts';

/** Crockford's base 32, the alphabet of a ULID (github.com/ulid/spec). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first character cannot exceed 7, since ten characters hold 48 bits of time. */
export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Values beyond a double. Two notifications that differ only there are two events. */
export type ExactDigits = { threshold: string | null; fields: unknown };

/**
 * The ID of a notification: a ULID whose time part is when it occurred and whose random part is the first 80 bits of SHA-256 over RFC 8785
 * canonical JSON of its content. The same content has the same ID in any envelope. Stored IDs are never computed again, so a change here
 * needs a new `v` and must keep the golden vectors of `v: 1`.
 */
export function eventId(notification: Notification, digits?: ExactDigits): string {
  const content = {
    account: notification.account,
    device: notification.device ?? null,
    ...(digits && { digits }),
    fields: notification.fields,
    name: notification.name,
    occurredAt: notification.occurredAt,
    previousState: notification.previousState ?? null,
    session: notification.session ?? null,
    state: notification.state,
    tenant: notification.tenant,
    threshold: notification.threshold ?? null,
    v: 1,
  };
  // JSON.stringify writes canonical texts and numbers in a quarter of the time: only keys from the input need sorting.
  const isSorted = !digits && Object.keys(notification.fields).length === 0;
  const text = isSorted ? JSON.stringify(content) : canonicalize(content);
  return ulid(Date.parse(notification.occurredAt), digest(text ?? ''));
}

/** A ULID of a time (milliseconds since the epoch) and the first 80 bits of `randomness`. */
export function ulid(milliseconds: number, randomness: Uint8Array): string {
  return encode(milliseconds, 10) + encode(fortyBits(randomness, 0), 8) + encode(fortyBits(randomness, 5), 8);
}

/** Every ULID of an earlier millisecond sorts before it, every other one after it or equal. */
export function lowestUlid(milliseconds: number): string {
  return ulid(milliseconds, new Uint8Array(10));
}

export function highestUlid(milliseconds: number): string {
  return ulid(milliseconds, new Uint8Array(10).fill(0xff));
}

/** In milliseconds since the epoch. */
export function ulidTime(id: string): number {
  return decode(id.slice(0, 10));
}

/** The last 20 bits of a ULID's random part as a number: enough to spread events evenly. */
export function ulidSpread(id: string): number {
  return decode(id.slice(-4));
}

function decode(text: string): number {
  let value = 0;
  for (const character of text) value = value * 32 + ALPHABET.indexOf(character);
  return value;
}

/** Five bytes, which eight characters encode. */
function fortyBits(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let index = start; index < start + 5; index += 1) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

function encode(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let index = 0; index < length; index += 1) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
