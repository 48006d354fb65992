import { isNumericText, losesDigits } from '../../platform/exact-number.ts';
import { isObject } from '../../platform/json-object.ts';
import { parseJson } from '../../platform/parse-json.ts';
import type { Fault } from '../../schemas/event/fault.ts';
import type { ParsedDetail, UnknownKey } from './detail.ts';
import { markOf } from './detail-as-sent.ts';
import { fieldFaults } from './field-faults.ts';
import { boundFaults } from './json-bounds.ts';
import type { Work } from './json-scan.ts';
import { scanJson } from './json-scan.ts';
import { countMembers, repeatedKeys } from './repeated-keys.ts';

/** The one field whose text becomes a number. */
const AMOUNT = 'rolloveramount';

/** `losesDigits`: a number in the fields has more digits than a double holds. */
export type EventFields = { fields: unknown; faults: Fault[]; losesDigits: boolean };

type Parse = (text: string) => unknown;

/**
 * The notification's own fields together with every undocumented key: nothing is dropped. Such a key keeps its own name if that is free,
 * else it gets its path, whatever order the keys came in.
 */
export function allFields(detail: ParsedDetail, work: Work, parse: Parse = parseJson): EventFields {
  const own = ownFields(detail, work, parse);
  if (!isObject(own.fields) || own.faults.length > 0) return own;
  const amount = Object.entries(own.fields).find(([key]) => key.toLowerCase() === AMOUNT);
  const amountLosesDigits = amount !== undefined && textLosesDigits(amount[1]);
  // If numbers are marked, text that becomes a number is too.
  const sent = amountLosesDigits && parse !== parseJson ? { ...own.fields, [amount[0]]: markOf(String(amount[1])) } : own.fields;
  const { fields, faults } = withUnknown(sent, detail.unknown, work);
  return { fields, faults, losesDigits: own.losesDigits || amountLosesDigits };
}

/** Text whose number has more digits than a double holds. */
export function textLosesDigits(value: unknown): boolean {
  return typeof value === 'string' && isNumericText(value) && losesDigits(value);
}

function ownFields({ content, paths }: ParsedDetail, work: Work, parse: Parse): EventFields {
  const sent = content.notificationFields;
  if (sent === undefined || sent === null || sent === '') return { fields: {}, faults: [], losesDigits: false };
  if (typeof sent !== 'string') return { fields: sent, faults: [], losesDigits: false };
  const path = paths.notificationFields;
  const scan = scanJson(sent, work);
  const tooMany = boundFaults(scan, path);
  if (tooMany.length > 0) return { fields: {}, faults: tooMany, losesDigits: false };
  const fields = parseJson(sent) === undefined ? undefined : parse(sent);
  const faults = fieldFaults(fields, path, work);
  const isRepeated = faults.length === 0 && fields !== undefined && countMembers(fields, work) !== scan.members;
  return { fields, faults: isRepeated ? repeatedKeys(sent, path, work) : faults, losesDigits: scan.losesDigits };
}

function withUnknown(own: Record<string, unknown>, unknown: UnknownKey[], work: Work): Pick<EventFields, 'fields' | 'faults'> {
  if (unknown.length === 0) return { fields: own, faults: [] };
  const faults: Fault[] = [];
  const taken = new Set(Object.keys(own).map((key) => key.toLowerCase()));
  const places = new Map<string, number>();
  for (const { key } of unknown) places.set(key, (places.get(key) ?? 0) + 1);
  const fields = new Map(Object.entries(own));
  for (const { path, key, value } of unknown) {
    work.steps += 1;
    const isFree = !taken.has(key.toLowerCase()) && places.get(key) === 1;
    const name = isFree ? key : path;
    if (fields.has(name)) faults.push({ path, expected: 'a key that no other field has', received: 'two of one name' });
    else fields.set(name, value);
  }
  return { fields: Object.fromEntries(fields), faults };
}
