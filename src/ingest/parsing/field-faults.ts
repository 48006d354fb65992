import type { Fault } from '../../schemas/event/fault.ts';
import type { Work } from './json-scan.ts';

/** Deeper than any charging system sends, and far below the depth at which recursion fails. */
export const MAX_LEVELS = 100;

type FieldToCheck = { value: unknown; path: string; level: number };

/**
 * What free JSON content must not contain: numbers beyond a double, text with broken Unicode, keys that JavaScript treats specially, and
 * unbounded nesting. Such content would fail at each attempt to hash or store it.
 *
 * @param path where the content is, for the faults.
 */
export function fieldFaults(content: unknown, path: string, work: Work = { steps: 0 }): Fault[] {
  // Content nearly always has no fault, and this check is far cheaper than one that tracks each path.
  return isKeepable(content, 1, work) ? [] : everyFault(content, path, work);
}

function isKeepable(value: unknown, level: number, work: Work): boolean {
  work.steps += 1;
  if (level > MAX_LEVELS) return false;
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !key.isWellFormed() || !isKeepable(Reflect.get(value, key), level + 1, work)) return false;
  }
  return true;
}

function everyFault(content: unknown, path: string, work: Work): Fault[] {
  const faults: Fault[] = [];
  const pending: FieldToCheck[] = [{ value: content, path, level: 1 }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    work.steps += 1;
    const fault = faultOf(place);
    if (fault) faults.push(fault);
    else if (typeof place.value === 'object' && place.value !== null) enter(place.value, place, pending, faults);
  }
  return faults;
}

function faultOf({ value, path, level }: FieldToCheck): Fault | undefined {
  if (level > MAX_LEVELS) return { path, expected: `at most ${MAX_LEVELS} levels of nesting`, received: 'more' };
  if (typeof value === 'number' && !Number.isFinite(value))
    return { path, expected: 'a number that a double can hold', received: 'a larger one' };
  if (typeof value === 'string' && !value.isWellFormed()) return { path, expected: 'text without broken Unicode', received: 'text' };
  return undefined;
}

function enter(value: object, { path, level }: FieldToCheck, pending: FieldToCheck[], faults: Fault[]): void {
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || !key.isWellFormed()) faults.push({ path, expected: 'keys of plain text', received: 'a key that is none' });
    else pending.push({ value: inner, path: `${path}.${key}`, level: level + 1 });
  }
}
