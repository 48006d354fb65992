import { MAX_UNSURE_NUMBERS } from '../../platform/exact-number.ts';
import type { Fault } from '../../schemas/event/fault.ts';
import { MAX_LEVELS } from './field-faults.ts';
import type { JsonScan } from './json-scan.ts';

/** The size limit of a queue message. */
export const MAX_BODY_BYTES = 1_048_576;
/** More than any charging system sends, and few enough to check one by one. */
export const MAX_MEMBERS = 10_000;
export const MAX_VALUES = 50_000;

/** Checks the limits before anything is parsed, which would take longer. */
export function boundFaults(scan: JsonScan, path: string, maxLevels = MAX_LEVELS): Fault[] {
  const { members, separators, containers, levels, unsureNumbers } = scan;
  if (levels > maxLevels) return [{ path, expected: `at most ${MAX_LEVELS} levels of nesting`, received: 'more' }];
  if (members > MAX_MEMBERS) return [{ path, expected: `at most ${MAX_MEMBERS} keys in all`, received: 'more' }];
  if (separators + containers > MAX_VALUES) return [{ path, expected: `at most ${MAX_VALUES} values in all`, received: 'more' }];
  if (unsureNumbers > MAX_UNSURE_NUMBERS)
    return [{ path, expected: `at most ${MAX_UNSURE_NUMBERS} numbers of more than 15 digits or with an exponent`, received: 'more' }];
  return [];
}
