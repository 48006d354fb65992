import { parseJson } from '../platform/parse-json.ts';
import type { CounterUnit } from '../schemas/configuration/counter-unit.ts';
import type { Json } from '../schemas/event/notification.ts';

/** In base units: bytes, seconds, messages, or the currency's main unit. */
export type RolledOver = { unit: CounterUnit; quantity: number };

type Measure = { unit: CounterUnit; factor: number };

/** `factor` is the number of base units in one of the unit. */
const MEASURES: Record<string, Measure> = {
  ...measures('bytes', 1, ['b', 'byte', 'bytes']),
  ...measures('bytes', 1024, ['kb', 'kib', 'kilobyte', 'kilobytes']),
  ...measures('bytes', 1024 ** 2, ['mb', 'mib', 'megabyte', 'megabytes']),
  ...measures('bytes', 1024 ** 3, ['gb', 'gib', 'gigabyte', 'gigabytes']),
  ...measures('seconds', 1, ['s', 'sec', 'secs', 'second', 'seconds']),
  ...measures('seconds', 60, ['min', 'mins', 'minute', 'minutes']),
  ...measures('seconds', 3600, ['h', 'hour', 'hours']),
  ...measures('messages', 1, ['message', 'messages', 'text', 'texts', 'sms']),
};

/** What an entry's name implies about its unit; `VOLUME` and `TIME` are Totogi's unit types (GraphQL, UnitType). */
const KINDS: [RegExp, CounterUnit][] = [
  [/data|^volume$/i, 'bytes'],
  [/voice|call|^time$/i, 'seconds'],
  [/text|sms|messag/i, 'messages'],
  [/money|monetary|currency|credit/i, 'money'],
];

/** No real quantity is larger, and its text could have any length. */
const MAX_QUANTITY = 1e15;
const MAX_TEXT_CHARACTERS = 200;
/** A list of entries by type, each with its own quantity, is four levels deep. */
const MAX_LEVELS = 10;
const MAX_PARTS = 100;

const QUANTITY_KEYS = ['quantity', 'amount', 'value'];
const NAME_KEYS = ['type', 'name', 'unittype', 'balancetype'];
const UNIT_KEYS = ['unit', 'units'];

/** `unit` is undefined if it is unknown, and `quantity` is NaN if it is ambiguous. */
type Part = { unit: CounterUnit | undefined; quantity: number };

/**
 * What a PlanRollover says was rolled over. Its form is not published ("all data types and the quantity rolled over"): a number, text such
 * as "2 GB" or JSON, a list of entries with type and quantity, or an object by type. Entries of one unit are added up.
 *
 * @param unit of a bare number, from the tenant's configuration.
 * @returns nothing for a quantity that is ambiguous or has no known unit: the message then contains no amount.
 */
export function rolledOver(amount: Json | undefined, unit: CounterUnit | undefined): RolledOver[] {
  const total = new Map<CounterUnit, number>();
  for (const part of allParts(amount, unit && { unit, factor: 1 }))
    if (part.unit) total.set(part.unit, (total.get(part.unit) ?? 0) + part.quantity);
  return [...total]
    .filter(([, quantity]) => quantity > 0 && quantity <= MAX_QUANTITY)
    .map(([known, quantity]) => ({ unit: known, quantity }));
}

/** Whether every amount is certainly 0, of whatever unit. */
export function isNothingRolledOver(amount: Json | undefined): boolean {
  const all = allParts(amount, undefined);
  return all.length > 0 && all.every(({ quantity }) => quantity === 0);
}

function measures(unit: CounterUnit, factor: number, words: string[]): Record<string, Measure> {
  return Object.fromEntries(words.map((word) => [word, { unit, factor }]));
}

/** Empty if the amount has too many levels or parts. */
function allParts(amount: Json | undefined, measure: Measure | undefined): Part[] {
  if (!isWithin(amount)) return [];
  const all = parts(amount, measure);
  return all.length <= MAX_PARTS ? all : [];
}

/** Looks no deeper than the limit. */
function isWithin(value: Json | undefined, level = 1): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return level <= MAX_LEVELS && Object.values(value).every((inner) => isWithin(inner, level + 1));
}

/** `measure` comes from the nearest name around a quantity; an entry's own unit overrides it. */
function parts(amount: Json | undefined, measure: Measure | undefined): Part[] {
  if (amount === undefined || amount === null || typeof amount === 'boolean') return [];
  if (typeof amount === 'number') return [part(amount, measure)];
  if (typeof amount === 'string') return textParts(amount, measure);
  if (Array.isArray(amount)) return amount.flatMap((entry) => parts(entry, measure));
  const quantity = entryOf(amount, QUANTITY_KEYS);
  if (quantity === undefined) return Object.entries(amount).flatMap(([key, value]) => parts(value, named(key) ?? measure));
  const unit = entryOf(amount, UNIT_KEYS);
  return parts(quantity, unit === undefined ? (named(entryOf(amount, NAME_KEYS)) ?? measure) : named(unit));
}

function part(quantity: number, measure: Measure | undefined): Part {
  return { unit: measure?.unit, quantity: quantity * (measure?.factor ?? 1) };
}

/** Splits at what cannot be part of a number. If one amount is unclear, the whole text is. */
function textParts(text: string, measure: Measure | undefined): Part[] {
  if (text.length > MAX_TEXT_CHARACTERS) return [{ unit: measure?.unit, quantity: Number.NaN }];
  const json = /^\s*[[{]/.test(text) ? (parseJson(text) as Json | undefined) : undefined;
  if (json !== undefined) return isWithin(json) ? parts(json, measure) : [];
  const pieces = text.split(/;|,(?!\d)|(?<!\d),/);
  const read = pieces.map((piece) => textPart(piece, { measure, isAlone: pieces.length === 1 }));
  return read.every(({ quantity }) => !Number.isNaN(quantity)) ? read : [{ unit: measure?.unit, quantity: Number.NaN }];
}

/** If there are several amounts, each must have its unit: "1, 5 GB" may be one amount. */
function textPart(piece: string, { measure, isAlone }: { measure: Measure | undefined; isAlone: boolean }): Part {
  const [, digits = '', word = ''] = /^\s*([\d.,]+)\s*(?:([a-z]+)\s*)?$/i.exec(piece) ?? [];
  if (word !== '') return part(parseNumber(digits), written(word));
  return part(isAlone ? parseNumber(digits) : Number.NaN, measure);
}

/**
 * A separator before more than one group of three digits, or before the other separator, separates thousands. A single dot separates
 * decimals, as in JSON. A single comma may do either, so it is not parsed.
 */
function parseNumber(digits: string): number {
  if (/^\d+(\.\d+)?$/.test(digits)) return Number(digits);
  if (/^\d{1,3}((,\d{3}){2,}|(,\d{3})+\.\d+)$/.test(digits)) return Number(digits.replaceAll(',', ''));
  if (/^\d{1,3}((\.\d{3}){2,}|(\.\d{3})+,\d+)$/.test(digits)) return Number(digits.replaceAll('.', '').replace(',', '.'));
  return Number.NaN;
}

function written(word: string): Measure | undefined {
  return Object.hasOwn(MEASURES, word.toLowerCase()) ? MEASURES[word.toLowerCase()] : undefined;
}

/** Undefined if the name matches more than one kind. */
function named(name: Json | undefined): Measure | undefined {
  if (typeof name !== 'string') return undefined;
  const kinds = KINDS.filter(([pattern]) => pattern.test(name));
  return written(name) ?? (kinds.length === 1 && kinds[0] ? { unit: kinds[0][1], factor: 1 } : undefined);
}

function entryOf(entry: { [key: string]: Json }, keys: string[]): Json | undefined {
  return Object.entries(entry).find(([key]) => keys.includes(key.toLowerCase()))?.[1];
}
