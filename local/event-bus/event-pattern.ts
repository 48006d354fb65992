import { isObject } from '../../src/platform/json-object.ts';
import { StartupFault } from '../startup-fault.ts';

type Matches = (value: unknown) => boolean;
type Place = { rule: string; path: string };

/**
 * Compiles a rule's event pattern into a test of events, both as parsed JSON. Knows only what the stack's rules use, nested objects, exact
 * text and `exists: true`, so that no event matches here and not on AWS
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
 *
 * @throws StartupFault for anything else.
 */
export function compilePattern(rule: string, pattern: unknown): Matches {
  return compileFields(pattern, { rule, path: '' });
}

/** An array of objects matches when one of them has all fields, as on AWS. */
function compileFields(pattern: unknown, { rule, path }: Place): Matches {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw unsupported({ rule, path }, 'a field needs an array of values or an object');
  const fields = Object.entries(pattern).map(([name, expected]): [string, Matches] => {
    const place = { rule, path: path === '' ? name : `${path}.${name}` };
    if (name.startsWith('$') || name.includes('.')) throw unsupported(place, `"${name}" cannot be the name of a field`);
    return [name, Array.isArray(expected) ? compileValues(expected, place) : compileFields(expected, place)];
  });
  return (value) => elementsOf(value).some((element) => isObject(element) && fields.every(([name, matches]) => matches(element[name])));
}

/** An array matches by any element. An object, or an empty array, is no value. */
function compileValues(expected: unknown[], place: Place): Matches {
  if (expected.length === 0) throw unsupported(place, 'an empty array');
  const texts = new Set<unknown>(expected.filter((value) => typeof value === 'string'));
  const others = expected.filter((value) => typeof value !== 'string');
  for (const other of others) if (!isExistsTrue(other)) throw unsupported(place, JSON.stringify(other));
  return (value) => elementsOf(value).some((element) => texts.has(element) || (others.length > 0 && isValue(element)));
}

function isExistsTrue(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 1 && value.exists === true;
}

function elementsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

function isValue(value: unknown): boolean {
  return value === null || (value !== undefined && typeof value !== 'object');
}

function unsupported({ rule, path }: Place, found: string): StartupFault {
  const field = path === '' ? 'the top' : path;
  return new StartupFault(
    `The pattern of the rule ${rule} cannot be matched here: at ${field}: ${found}. Supported are nested objects, texts and {"exists": true}.`,
  );
}
