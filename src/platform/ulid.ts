/** Crockford's base 32, the alphabet of a ULID (github.com/ulid/spec). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first character cannot exceed 7, since ten characters hold 48 bits of time. */
export const ULID_PATTERN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

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
