/** RFC 3339 has no later year, and a ULID no time before 1970. */
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

export const MAX_TIME_CHARACTERS = 64;

/** A time before or after all records (milliseconds since the epoch) becomes the first or last possible one. */
export function rangeTime(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LATEST);
}

/** Whether an RFC 3339 time has a fraction of a millisecond. */
export function hasFraction(text: string): boolean {
  return /\.\d{3}0*[1-9]/.test(text);
}
