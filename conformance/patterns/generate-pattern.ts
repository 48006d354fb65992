import type { Random } from '../../tooling/traffic/random.ts';
import { type GeneratedEvent, keys, numbers, scalarText, texts } from './generate-event.ts';
import { arrayOf, type JsonText, objectOf, textOf } from './json-text.ts';

/** `kinds` are the kinds of match in it. */
export type GeneratedPattern = { text: JsonText; kinds: Set<string> };

type Conditions = Map<string, JsonText>;
type Making = { random: Random; event: GeneratedEvent; kinds: Set<string> };

const maxFields = 3;

/** Close to the event: mostly its paths, often its values. */
export function generatePattern(random: Random, event: GeneratedEvent): GeneratedPattern {
  const making: Making = { random, event, kinds: new Set() };
  const branching = random.chance(0.25);
  const conditions = generateConditions(making, branching ? 1 : maxFields);
  const entries = random.chance(0.15) ? dotted(conditions, making) : nested(conditions);
  if (!branching) return { text: objectOf(entries), kinds: making.kinds };
  making.kinds.add('$or');
  const branches = Array.from({ length: random.integer(2, 3) }, () => objectOf(nested(without(generateConditions(making, 2), conditions))));
  return { text: withOr(entries, branches, random.chance(0.8)), kinds: making.kinds };
}

/** `$or` next to the other fields, or one level down. */
function withOr(entries: [string, JsonText][], branches: JsonText[], onTop: boolean): JsonText {
  const or: [string, JsonText] = ['$or', arrayOf(branches)];
  return onTop || entries.some(([key]) => key === 'detail')
    ? objectOf([...entries, or])
    : objectOf([...entries, ['detail', objectOf([or])]]);
}

function without(branch: Conditions, others: Conditions): Conditions {
  const left = new Map([...branch].filter(([path]) => !others.has(path)));
  return left.size > 0 ? left : branch;
}

function generateConditions(making: Making, most: number): Conditions {
  const conditions: Conditions = new Map();
  for (let left = making.random.integer(1, most); left > 0; left -= 1) {
    const path = generatePath(making);
    // No path may be below another: a field has either an array of values or its own fields.
    if ([...conditions.keys()].some((other) => `${other}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${other}.`))) continue;
    conditions.set(path, generateValues(making, path));
  }
  return conditions;
}

function generatePath({ random, event }: Making): string {
  const held = event.held[random.integer(0, event.held.length - 1)];
  if (held && random.chance(0.85)) return held.path.join('.');
  return Array.from({ length: random.integer(1, 3) }, () => random.pick(keys)).join('.');
}

function generateValues(making: Making, path: string): JsonText {
  const count = making.random.chance(0.75) ? 1 : making.random.integer(2, 3);
  return arrayOf(Array.from({ length: count }, () => generateMatch(making, path)));
}

function generateMatch(making: Making, path: string): JsonText {
  const { random } = making;
  const values = making.event.held.filter((held) => held.path.join('.') === path);
  const likely = random.chance(0.65) ? values[random.integer(0, values.length - 1)]?.value : undefined;
  const value = likely ?? scalarText(random);
  const kind = random.pick(['exact', 'exact', 'prefix', 'suffix', 'anything-but', 'exists', 'numeric'] as const);
  making.kinds.add(kind);
  if (kind === 'exact') return rarely(making, value);
  if (kind === 'exists') return objectOf([['exists', textOf(random.chance(0.6))]]);
  if (kind === 'numeric') return objectOf([['numeric', numericArgument(random, value)]]);
  if (kind === 'anything-but') return objectOf([['anything-but', anythingButArgument(random, value)]]);
  return objectOf([[kind, affix(random, value, kind)]]);
}

/** Sometimes a match that our matcher must refuse; these are counted separately. */
function rarely({ random, kinds }: Making, value: JsonText): JsonText {
  if (!random.chance(0.03)) return value;
  kinds.add('other');
  return random.pick([
    '{"wildcard":"l*w"}',
    '{"equals-ignore-case":"LOW"}',
    '{"cidr":"10.0.0.0/24"}',
    '"10.0.0.1"',
    '{"prefix":{"equals-ignore-case":"LO"}}',
  ] as const);
}

function affix(random: Random, value: JsonText, kind: 'prefix' | 'suffix'): JsonText {
  const whole: string = value.startsWith('"') ? JSON.parse(value) : random.pick(texts);
  const letters = [...whole];
  const length = random.integer(0, letters.length);
  return textOf((kind === 'prefix' ? letters.slice(0, length) : letters.slice(letters.length - length)).join(''));
}

function anythingButArgument(random: Random, value: JsonText): JsonText {
  const isText = value.startsWith('"');
  const isNumber = /^-?\d/.test(value);
  if (random.chance(0.3)) {
    const kind = random.pick(['prefix', 'suffix'] as const);
    const parts = Array.from({ length: random.integer(1, 2) }, () => affix(random, isText ? value : textOf(random.pick(texts)), kind));
    return objectOf([[kind, parts.length === 1 ? String(parts[0]) : arrayOf(parts)]]);
  }
  if (random.chance(0.5)) return value;
  const others = Array.from({ length: random.integer(0, 2) }, () => (isNumber ? random.pick(numbers) : textOf(random.pick(texts))));
  return arrayOf([value, ...others]);
}

function numericArgument(random: Random, value: JsonText): JsonText {
  const limit = /^-?\d/.test(value) ? value : random.pick(numbers);
  if (random.chance(0.6)) return arrayOf([textOf(random.pick(['=', '<', '<=', '>', '>='] as const)), limit]);
  const [low = '0', high = '0'] = [limit, random.pick(numbers)].sort((first, second) => Number(first) - Number(second));
  return arrayOf([textOf(random.pick(['>', '>='] as const)), low, textOf(random.pick(['<', '<='] as const)), high]);
}

function dotted(conditions: Conditions, { kinds }: Making): [string, JsonText][] {
  kinds.add('dotted path');
  return [...conditions];
}

/** `a.b` as `{"a": {"b": …}}`. */
function nested(conditions: Conditions): [string, JsonText][] {
  const heads = new Set([...conditions.keys()].map((path) => path.split('.')[0] ?? path));
  return [...heads].map((head) => {
    const own = conditions.get(head);
    if (own !== undefined) return [head, own];
    const below = [...conditions]
      .filter(([path]) => path.startsWith(`${head}.`))
      .map(([path, value]) => [path.slice(head.length + 1), value] as const);
    return [head, objectOf(nested(new Map(below)))];
  });
}
