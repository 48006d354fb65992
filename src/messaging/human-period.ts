import type { Json } from '../schemas/event/notification.ts';

const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
type PeriodUnit = (typeof UNITS)[number];
type Period = { unit: PeriodUnit; count: number };

/** Totogi's abbreviations ("2w, 1d, 30m"): a small m is minutes. */
const ABBREVIATIONS: Record<string, PeriodUnit> = { m: 'minute', min: 'minute', h: 'hour', d: 'day', w: 'week', y: 'year' };
const ISO_DATE: Record<string, PeriodUnit> = { D: 'day', W: 'week', M: 'month', Y: 'year' };
const ISO_TIME: Record<string, PeriodUnit> = { M: 'minute', H: 'hour' };
const DAY_HOURS = 24;
const MAX_HOURS_IN_HOURS = 48;

/**
 * A length of time for its reader, such as "30 days" or "2 semanas". Takes "30d", "30 days", ISO 8601 ("P30D", "PT72H") and Totogi's
 * durations ({type, value} or {unit, amount}, one or several).
 *
 * @returns undefined for every other form, and for a number without a unit.
 */
export function humanPeriod(value: Json | undefined, language: string): string | undefined {
  const periods = parsePeriods(value);
  if (!periods || periods.length === 0) return undefined;
  return new Intl.ListFormat(language, { type: 'unit', style: 'long' }).format(periods.map((period) => summary(period, language)));
}

/** In hours up to 48, in days above, always rounded down. Undefined for less than one hour. */
export function humanHours(hours: number, language: string): string | undefined {
  if (hours < 1) return undefined;
  const asDays = hours > MAX_HOURS_IN_HOURS;
  return summary(asDays ? { unit: 'day', count: Math.floor(hours / DAY_HOURS) } : { unit: 'hour', count: Math.floor(hours) }, language);
}

function summary({ unit, count }: Period, language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count).replace(/[\u00a0\u202f]/g, ' ');
}

function parsePeriods(value: Json | undefined): Period[] | undefined {
  if (typeof value === 'string') return parseText(value.trim());
  const entries = Array.isArray(value) ? value : [value];
  const read = entries.map(parseEntry);
  return read.every((period) => period !== undefined) ? read : undefined;
}

function parseText(text: string): Period[] | undefined {
  const [, count, word] = /^(\d{1,5})\s*([a-z]+)$/i.exec(text) ?? [];
  if (count === undefined || word === undefined) return parseIso(text);
  const unit = unitNamed(word);
  return unit && Number(count) > 0 ? [{ unit, count: Number(count) }] : undefined;
}

function parseIso(text: string): Period[] | undefined {
  const [, date = '', time = ''] = /^P((?:\d{1,5}[YMWD])*)(?:T((?:\d{1,5}[HM])+))?$/.exec(text) ?? [];
  const read = (part: string, units: Record<string, PeriodUnit>) =>
    [...part.matchAll(/(\d{1,5})([A-Z])/g)].flatMap(([, count, letter = '']) => {
      const unit = units[letter];
      return unit && Number(count) > 0 ? [{ unit, count: Number(count) }] : [];
    });
  return [...read(date, ISO_DATE), ...read(time, ISO_TIME)];
}

function parseEntry(entry: Json | undefined): Period | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  const { unit: named, type, amount, value } = entry;
  const unit = unitNamed(named ?? type);
  const count = Number(amount ?? value);
  return unit && Number.isInteger(count) && count > 0 ? { unit, count } : undefined;
}

function unitNamed(word: Json | undefined): PeriodUnit | undefined {
  if (typeof word !== 'string') return undefined;
  const name = word.toLowerCase();
  if (Object.hasOwn(ABBREVIATIONS, name)) return ABBREVIATIONS[name];
  return UNITS.find((unit) => name === unit || name === `${unit}s`);
}
