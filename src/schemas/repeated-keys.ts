import type { Fault } from './fault.ts';
import { endOfText } from './json-scan.ts';
import type { Work } from './work.ts';

/** A level that the walk is in: the keys of an object so far and the last of them, or a list. */
type Level = { keys: Set<string> | undefined; key: string };

const MAX_FAULTS = 100;

/** How many keys all objects of a parsed value have. It goes only as deep as the value, which is to be of bounded depth. */
export function countMembers(value: unknown, work: Work): number {
  work.steps += 1;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + countMembers(entry, work), 0);
  const keys = Object.keys(value);
  return keys.reduce((sum, key) => sum + countMembers(Reflect.get(value, key), work), keys.length);
}

/**
 * The places where an object of JSON text has one key twice, of which plain parsing silently takes the last.
 *
 * @param text known to be JSON.
 * @param path where it stands, for the faults.
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

/** Notes the key of the member that begins. Escapes are undone: one key may be written in several ways. */
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
