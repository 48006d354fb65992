/** `exact` is false if rounding to milliseconds dropped something. */
export type ParsedTime = { milliseconds: number; exact: boolean };

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

export const TIME_EXPECTED =
  'a time from 2000 to 2100: ISO 8601 with an offset, or epoch seconds, milliseconds, microseconds or nanoseconds';

const ISO = /^(\d{4})-?(\d{2})-?(\d{2})[Tt](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,18}))?)?)?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)$/;
const RECORDED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const EPOCH = /^\d{9,19}(?:\.\d{1,9})?$/;

/**
 * Parses a time in any accepted spelling, rounded to the nearest millisecond. The unit of a number follows from its size: between 2000 and
 * 2100 the four ranges do not overlap.
 *
 * @returns undefined if it is none of them, no real date, or outside 2000 to 2100.
 */
export function parseTime(value: unknown): ParsedTime | undefined {
  const parsed = typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value) : undefined;
  return parsed && parsed.milliseconds >= EARLIEST && parsed.milliseconds <= LATEST ? parsed : undefined;
}

function fromText(text: string): ParsedTime | undefined {
  if (EPOCH.test(text)) return fromEpoch(Number(text));
  const parts = ISO.exec(text);
  return parts ? fromIso(parts) : undefined;
}

function fromEpoch(value: number): ParsedTime | undefined {
  if (!(value > 0)) return undefined;
  const unitsPerMillisecond = value < 1e10 ? 0.001 : value < 1e13 ? 1 : value < 1e16 ? 1e3 : 1e6;
  const milliseconds = value / unitsPerMillisecond;
  return { milliseconds: Math.round(milliseconds), exact: Number.isInteger(milliseconds) };
}

function fromIso(parts: RegExpExecArray): ParsedTime | undefined {
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5] ?? 0), Number(parts[6] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = parts[9] === undefined ? 0 : offsetOf(parts);
  if (offset === undefined) return undefined;
  const wholeSeconds = Date.UTC(year, month - 1, day, hour, minute, second);
  const fraction = parts[7];
  if (fraction === undefined) return { milliseconds: wholeSeconds - offset, exact: true };
  const rounded = Math.round(Number(`0.${fraction}`) * 1000);
  return { milliseconds: wholeSeconds + rounded - offset, exact: fraction.length <= 3 || !/[1-9]/.test(fraction.slice(3)) };
}

function offsetOf(parts: RegExpExecArray): number | undefined {
  const hours = Number(parts[10]);
  const minutes = Number(parts[11] ?? 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (parts[9] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** As records and replies have it: RFC 3339 in UTC with milliseconds. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Whole seconds between two times (both in milliseconds), rounded up so as not to be early; 0 if `to` has passed. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.ceil((to - from) / 1_000));
}

/** Most times are already in the stored form, and reusing that text takes a tenth of formatting it again. */
export function asRecorded(sent: unknown, { milliseconds }: ParsedTime): string {
  return typeof sent === 'string' && RECORDED.test(sent) ? sent : isoTime(milliseconds);
}

export function timeOf(recorded: string): number {
  return Date.parse(recorded);
}
