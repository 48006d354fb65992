/** A point in time as Totogi may write it. `exact` is false where rounding to milliseconds dropped something. */
export type Moment = { milliseconds: number; exact: boolean };

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** What a time may be, in the words of a fault. */
export const MOMENT_EXPECTED =
  'a time from 2000 to 2100: ISO 8601 with an offset, or epoch seconds, milliseconds, microseconds or nanoseconds';

const ISO = /^(\d{4})-?(\d{2})-?(\d{2})[Tt](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,18}))?)?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)$/;
const EPOCH = /^\d{9,19}(?:\.\d{1,9})?$/;

/**
 * Reads a time in any of the accepted spellings, rounded to the nearest millisecond.
 * The unit of a number follows from its size: between 2000 and 2100 the four ranges do not overlap.
 *
 * @returns undefined when it is none of them, no real date, or outside 2000 to 2100.
 */
export function readMoment(value: unknown): Moment | undefined {
  const moment = typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value) : undefined;
  return moment && moment.milliseconds >= EARLIEST && moment.milliseconds <= LATEST ? moment : undefined;
}

function fromText(text: string): Moment | undefined {
  if (EPOCH.test(text)) return fromEpoch(Number(text));
  const parts = ISO.exec(text);
  return parts ? fromIso(parts) : undefined;
}

function fromEpoch(value: number): Moment | undefined {
  if (!(value > 0)) return undefined;
  const unitsPerMillisecond = value < 1e10 ? 0.001 : value < 1e13 ? 1 : value < 1e16 ? 1e3 : 1e6;
  const milliseconds = value / unitsPerMillisecond;
  return { milliseconds: Math.round(milliseconds), exact: Number.isInteger(milliseconds) };
}

function fromIso(parts: RegExpExecArray): Moment | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const fraction = parts[7] ?? '';
  const wholeDay = Date.UTC(year, month - 1, day);
  if (new Date(wholeDay).getUTCDate() !== day || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return undefined;
  const offsetHours = Number(parts[10] ?? 0);
  const offsetMinutes = Number(parts[11] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (parts[9] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const wholeSeconds = wholeDay + ((hour * 60 + minute) * 60 + second) * 1000;
  const rounded = Math.round(Number(`0.${fraction || '0'}`) * 1000);
  return { milliseconds: wholeSeconds + rounded - offset, exact: !/[1-9]/.test(fraction.slice(3)) };
}

/** A time as records and replies have it: RFC 3339 in UTC with milliseconds. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Whole seconds from one time to another (both in milliseconds), rounded up so as not to be early; 0 where it has passed. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.ceil((to - from) / 1_000));
}

/** Milliseconds since the epoch of a time as records hold it. */
export function timeOf(recorded: string): number {
  return Date.parse(recorded);
}
