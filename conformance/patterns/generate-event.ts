import type { Random } from '../../tooling/traffic/random.ts';
import { arrayOf, type JsonText, objectOf, textOf } from './json-text.ts';

/** A value in an event, and its path. */
export type Held = { path: string[]; value: JsonText };
export type GeneratedEvent = { text: JsonText; held: Held[] };

export const keys = ['account', 'detail', 'state', 'name', 'threshold', 'a', 'b'] as const;
export const texts = [
  'low',
  'normal',
  'lower',
  'slow low',
  '',
  '300',
  'null',
  'true',
  'Low',
  'løw',
  'lo"w',
  '"',
  'a\\b',
  '266643203619',
] as const;
/** A few numbers in several spellings, and neighbours that differ only as numbers. */
export const numbers = [
  '300',
  '300.0',
  '3e2',
  '3E+2',
  '0',
  '-0',
  '0.0',
  '-5',
  '-5.00',
  '0.1',
  '1e-1',
  '299.999',
  '5000000000',
  '1234567.891',
] as const;

const deepest = 3;

/** Few names and few values, so that generated patterns often match. */
export function generateEvent(random: Random): GeneratedEvent {
  const held: Held[] = [];
  return { text: generateObject(random, [], held), held };
}

export function scalarText(random: Random): JsonText {
  const kind = random.next();
  if (kind < 0.5) return textOf(random.pick(texts));
  if (kind < 0.82) return random.pick(numbers);
  return textOf(random.pick([null, true, false] as const));
}

function generateObject(random: Random, path: string[], held: Held[]): JsonText {
  const chosen = keys.filter(() => random.chance(path.length === 0 ? 0.65 : 0.4));
  return objectOf(chosen.map((key) => [key, generateValue(random, [...path, key], held)] as const));
}

function generateValue(random: Random, path: string[], held: Held[]): JsonText {
  const kind = random.next();
  if (path.length < deepest && kind < 0.25) return generateObject(random, path, held);
  if (kind < 0.5) return generateArray(random, path, held);
  const value = scalarText(random);
  held.push({ path, value });
  return value;
}

/** Of plain values, of objects, or of both; sometimes of arrays. */
function generateArray(random: Random, path: string[], held: Held[]): JsonText {
  return arrayOf(
    Array.from({ length: random.integer(0, 3) }, () => {
      const kind = random.next();
      if (path.length < deepest && kind < 0.4) return generateObject(random, path, held);
      if (path.length < deepest && kind < 0.5) return generateArray(random, path, held);
      const value = scalarText(random);
      held.push({ path, value });
      return value;
    }),
  );
}
