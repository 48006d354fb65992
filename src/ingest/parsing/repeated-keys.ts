import type { Fault } from '../../schemas/event/fault.ts';
import type { Work } from './json-scan.ts';
import { endOfText } from './json-scan.ts';

/** The keys of an object so far and the latest one; `keys` is undefined for a list. */
type Level = { keys: Set<string> | undefined; key: string };

const MAX_FAULTS = 100;

/** The number of keys of all objects. Recursive, so the value must have bounded depth. */
export function countMembers(value: unknown, work: Work): number {
  work.steps += 1;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + countMembers(entry, work), 0);
  const keys = Object.keys(value);
  return keys.reduce((sum, key) => sum + countMembers(Reflect.get(value, key), work), keys.length);
}

/**
 * The paths at which an object has a key twice: JSON.parse silently takes the last one.
 *
 * @param text valid JSON.
 * @param path where it is, for the faults.
 */
export function repeatedKeys(text: string, path: string, work: Work): Fault[] {
  const faults: Fault[] = [];
  const levels: Level[] = [];
  let last = '';
  for (let index = 0; index < text.length && faults.length < MAX_FAULTS; work.steps += 1) {
    const character = text.charAt(index);
    const end = character === '"' ? endOfText(text, index) : index + 1;
    if (character === '"') last = text.slice(index, end);
    else if (character !== ':') move(levels, character);
    else if (!isNew(last, levels.at(-1))) faults.push(repeated(pathOf(path, levels)));
    index = end;
  }
  return faults;
}

function move(levels: Level[], character: string): void {
  if (character === '{') levels.push({ keys: new Set(), key: '' });
  else if (character === '[') levels.push({ keys: undefined, key: '' });
  else if (character === '}' || character === ']') levels.pop();
}

/** Also stores the key as the level's latest. Escapes are decoded, since one key may have several spellings. */
function isNew(literal: string, level: Level | undefined): boolean {
  if (!level?.keys) return true;
  level.key = literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
  const isNewKey = !level.keys.has(level.key);
  level.keys.add(level.key);
  return isNewKey;
}

function repeated(path: string): Fault {
  return { path, expected: 'each key once', received: 'one twice' };
}

function pathOf(path: string, levels: Level[]): string {
  return [path, ...levels.flatMap(({ keys, key }) => (keys ? [key] : []))].filter((part) => part !== '').join('.');
}
