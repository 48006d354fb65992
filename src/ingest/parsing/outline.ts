import type { Work } from './json-scan.ts';
import { endOfText } from './json-scan.ts';

/** An event's outermost values, not yet validated. A missing or repeated one is undefined. */
export type Outline = { id: unknown; time: unknown; tenant: unknown };

const MAX_VALUE_CHARACTERS = 300;
/** Stands for all keys with escapes. */
const ESCAPED = '\\';
const PLAIN_VALUE = /^[^\s,}\]]{1,40}/;

const WANTED = new Set(['id', 'time', 'detail', 'providerid', 'provider', 'eventdata', ESCAPED]);

/** By key; the keys of a detail are in lower case. */
type Values = Map<string, unknown[]>;

/**
 * The outermost members of an event and of its detail, from text that is too large to parse. Keys with escapes are not read: if a detail
 * has one, its tenant is unknown.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop over every character, as in `scanJson`.
export function parseOutline(text: string, work: Work): Outline {
  const levels: Values[] = [new Map(), new Map()];
  let level = 0;
  let isInDetail = false;
  let key = '';
  for (let index = 0; index < text.length; work.steps += 1) {
    const character = text.charAt(index);
    const isOuter = level === 1 || (level === 2 && isInDetail);
    if (character === '"') {
      const end = endOfText(text, index);
      if (isOuter) key = keyOf(text.slice(index + 1, Math.min(end - 1, index + MAX_VALUE_CHARACTERS)), level);
      index = end;
      continue;
    }
    index += 1;
    if (character === ':' && isOuter && WANTED.has(key)) note(levels[level - 1], key, valueAt(text, index));
    else if (character === '{' || character === '[') {
      level += 1;
      if (level === 2) isInDetail = character === '{' && key === 'detail';
    } else if (character === '}' || character === ']') level -= 1;
  }
  const [outer, detail] = levels;
  return { id: only(outer, 'id'), time: only(outer, 'time'), tenant: only(outer, 'detail') === undefined ? undefined : tenantIn(detail) };
}

function keyOf(sent: string, level: number): string {
  if (sent.includes('\\')) return ESCAPED;
  return level === 1 ? sent : sent.toLowerCase();
}

function note(values: Values | undefined, key: string, value: unknown): void {
  const known = values?.get(key);
  if (known === undefined) values?.set(key, [value]);
  // Two are enough to show that the value is repeated.
  else if (known.length === 1) known.push(value);
}

function valueAt(text: string, start: number): unknown {
  const ahead = text.slice(start, start + MAX_VALUE_CHARACTERS).trimStart();
  const literal = ahead.startsWith('"') ? ahead.slice(0, endOfText(ahead, 0)) : (PLAIN_VALUE.exec(ahead)?.[0] ?? '');
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  } catch {
    return null;
  }
}

function tenantIn(detail: Values | undefined): unknown {
  if (detail?.has(ESCAPED)) return undefined;
  return only(detail, detail?.has('eventdata') || detail?.has('providerid') ? 'providerid' : 'provider');
}

function only(values: Values | undefined, key: string): unknown {
  const [value, other] = values?.get(key) ?? [];
  return other === undefined ? value : undefined;
}
