import { type ArrayPosition, type Chosen, choose, type Field, fieldsByPath, type Scalar, wantedPaths } from './event-fields.ts';
import { UnsupportedPattern } from './unsupported-pattern.ts';
import { type ValueMatcher, valueMatcher } from './value-matchers.ts';

/** All paths must match. A pattern with $or has several such sets, of which one must match. */
type Conditions = ReadonlyMap<string, ValueMatcher[]>;
type Condition = [path: string, matchers: ValueMatcher[]];

/** EventBridge's limit for the combinations of $or parts. */
const maximumCombinations = 1_000;

/** event-ruler reads these as match expressions, so no field of an $or branch can have such a name. */
const reservedInOr = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard not-equals-ignore-case
   date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/**
 * Compiles an event pattern (parsed JSON) into a test of events (parsed JSON) that matches as AWS does (github.com/aws/event-ruler;
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
 *
 * Numbers compare as IEEE doubles: event-ruler compares further digits as text, but parsing JSON drops them.
 *
 * @throws UnsupportedPattern for anything that would not match exactly as on AWS.
 */
export function compilePattern(pattern: unknown): (event: Record<string, unknown>) => boolean {
  const alternatives = alternativesOf(pattern, { prefix: '', insideOr: false }).map(inPathOrder);
  const paths = wantedPaths(alternatives.flatMap((conditions) => conditions.map(([path]) => path)));
  return (event) => {
    const fields = fieldsByPath(event, paths);
    return alternatives.some((conditions) => allHold(conditions, fields, new Map()));
  };
}

type Position = { prefix: string; insideOr: boolean };

function alternativesOf(pattern: unknown, position: Position): Conditions[] {
  const here = position.prefix.slice(0, -1);
  if (!isObject(pattern)) throw new UnsupportedPattern(here, 'an object was expected');
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new UnsupportedPattern(here, 'an empty object');

  return entries.reduce<Conditions[]>((sofar, [key, value]) => combine(sofar, entryAlternatives(key, value, position)), [new Map()]);
}

function entryAlternatives(key: string, value: unknown, { prefix, insideOr }: Position): Conditions[] {
  const path = prefix + key;
  if (key === '$or') return orAlternatives(value, { prefix, insideOr: true });
  if (insideOr && reservedInOr.has(key)) throw new UnsupportedPattern(path, `"${key}" cannot name a field inside $or`);
  if (isObject(value)) return alternativesOf(value, { prefix: `${path}.`, insideOr });
  if (!Array.isArray(value)) throw new UnsupportedPattern(path, 'a field needs an array of values or an object');
  if (value.length === 0) throw new UnsupportedPattern(path, 'an empty array');
  return [new Map([[path, value.map((element) => valueMatcher(element, path))]])];
}

function orAlternatives(branches: unknown, position: Position): Conditions[] {
  if (!Array.isArray(branches) || branches.length < 2) {
    throw new UnsupportedPattern(`${position.prefix}$or`, 'an array of at least two objects was expected');
  }
  return branches.flatMap((branch) => alternativesOf(branch, position));
}

function combine(first: Conditions[], second: Conditions[]): Conditions[] {
  const combined = first.flatMap((conditions) => second.map((others) => joined(conditions, others)));
  if (combined.length > maximumCombinations) throw new UnsupportedPattern('$or', `more than ${maximumCombinations} combinations`);
  return combined;
}

function joined(conditions: Conditions, others: Conditions): Conditions {
  for (const path of others.keys()) {
    if (conditions.has(path)) throw new UnsupportedPattern(path, 'the same field twice');
  }
  return new Map([...conditions, ...others]);
}

/** event-ruler visits paths in the order of their names, which matters for absent fields. Hence the plain sort. */
function inPathOrder(conditions: Conditions): Condition[] {
  return [...conditions].sort(([first], [second]) => (first < second ? -1 : 1));
}

function allHold(conditions: Condition[], fields: Map<string, Field[]>, chosen: Chosen): boolean {
  const [condition, ...rest] = conditions;
  if (condition === undefined) return true;
  const [path, matchers] = condition;
  const candidates = fields.get(path) ?? [];
  // Values at one position are equal for all further conditions, so each position is tried once.
  const tried = new Set<ArrayPosition>();
  for (const { value, position: place } of candidates) {
    // Comparing the value is cheaper than comparing nested positions.
    if (tried.has(place) || !matchesAny(matchers, value)) continue;
    const next = choose(chosen, place);
    if (next && allHold(rest, fields, next)) return true;
    tried.add(place);
  }
  if (!matchers.includes('absent') || candidates.some(({ position: place }) => choose(chosen, place))) return false;
  return allHold(rest, fields, chosen);
}

function matchesAny(matchers: ValueMatcher[], value: Scalar): boolean {
  return matchers.some((matches) => matches !== 'absent' && matches(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
