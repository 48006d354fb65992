import { type ArrayPosition, type Chosen, choose, type Field, fieldsByPath, type Scalar, wantedPaths } from './event-fields.ts';
import { UnsupportedPattern } from './unsupported-pattern.ts';
import { type ValueMatcher, valueMatcher } from './value-matchers.ts';

/** What must hold at each path, all of them together; a pattern with $or has several such sets, any of which is enough. */
type Conditions = ReadonlyMap<string, ValueMatcher[]>;
type Condition = [path: string, matchers: ValueMatcher[]];

/** EventBridge takes no pattern whose $or parts make more combinations than this. */
const maximumCombinations = 1_000;

/** Names that event-ruler takes for match expressions, so that no field of an $or branch can bear them. */
const reservedInOr = new Set(
  `exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard not-equals-ignore-case
   date-after date-on-or-after date-before date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range`.split(/\s+/),
);

/**
 * Compiles an EventBridge event pattern (parsed JSON) into a test of events (parsed JSON), with the meaning that AWS's own matcher gives it
 * (github.com/aws/event-ruler; https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
 * Numbers in events are compared as IEEE doubles: digits beyond that, which event-ruler compares as text, are lost when JSON is parsed.
 * Throws UnsupportedPattern for whatever it would not match exactly as AWS does.
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

/** event-ruler visits paths in the order of their names, which decides what an absent field is absent from; hence the plain sort. */
function inPathOrder(conditions: Conditions): Condition[] {
  return [...conditions].sort(([first], [second]) => (first < second ? -1 : 1));
}

function allHold(conditions: Condition[], fields: Map<string, Field[]>, chosen: Chosen): boolean {
  const [condition, ...rest] = conditions;
  if (condition === undefined) return true;
  const [path, matchers] = condition;
  const candidates = fields.get(path) ?? [];
  // Values at one place are the same to all further conditions: a list is looked through once, not once for each of its values that match.
  const tried = new Set<ArrayPosition>();
  for (const { value, position: place } of candidates) {
    // A place in many arrays takes long to look at: the value comes first.
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
