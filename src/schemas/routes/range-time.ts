/** RFC 3339 writes no year after this moment's, and a ULID no time before 1970. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

export const MAX_TIME_CHARACTERS = 64;

/** A time (milliseconds since the epoch) as a range can have it: what is earlier or later than any record means the first or the last. */
export function rangeTime(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LATEST);
}

/** Whether a time of RFC 3339 names a fraction of a millisecond. */
export function hasFraction(text: string): boolean {
  return /\.\d{3}0*[1-9]/.test(text);
}
