import type { CounterUnit } from '../schemas/configuration/counter-unit.ts';

const BYTE_STEPS = [
  { unit: 'gigabyte', bytes: 1024 ** 3 },
  { unit: 'megabyte', bytes: 1024 ** 2 },
  { unit: 'kilobyte', bytes: 1024 },
] as const;
const MINUTE_SECONDS = 60;
/** No real amount is larger, and its text could have any length. */
const MAX_AMOUNT = 1e15;

/**
 * An amount for its reader: bytes as MB or GB, seconds as minutes, money in its currency, messages as a bare number.
 *
 * @param amount in base units (bytes, seconds, messages), the currency's main unit, or percent from 0 to 100.
 * @returns undefined if the amount is out of range, or its unit or currency is unknown: the text then contains no amount.
 */
export function humanAmount(
  amount: number | undefined,
  unit: CounterUnit | undefined,
  language: string,
  currency: string | undefined,
): string | undefined {
  if (amount === undefined || unit === undefined || (unit === 'money' && currency === undefined)) return undefined;
  if (!(amount >= 0 && amount <= MAX_AMOUNT)) return undefined;
  const text = amountText(amount, unit, language, currency);
  // Intl separates with no-break spaces, which GSM-7 lacks: one of them more than doubles the price of a text.
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

function amountText(amount: number, unit: CounterUnit, language: string, currency: string | undefined): string {
  if (unit === 'bytes') return bytes(amount, language);
  if (unit === 'seconds' && amount >= MINUTE_SECONDS) return measured(amount / MINUTE_SECONDS, 'minute', language);
  if (unit === 'seconds') return measured(amount, 'second', language);
  if (unit === 'percent') return numberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(amount / 100);
  if (unit === 'money' && currency) return numberFormat(language, { style: 'currency', currency }).format(amount);
  return numberFormat(language, { maximumFractionDigits: 0 }).format(amount);
}

function bytes(amount: number, language: string): string {
  const step = BYTE_STEPS.find((candidate) => amount >= candidate.bytes);
  return step ? measured(amount / step.bytes, step.unit, language) : measured(amount, 'byte', language);
}

function measured(value: number, unit: string, language: string): string {
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return numberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(value);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Kept, because making one takes far longer than using it. The languages are those of published templates. */
function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(language, options);
  formats.set(key, format);
  return format;
}
