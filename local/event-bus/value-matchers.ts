import { isIPv6 } from 'node:net';
import type { Scalar } from './event-fields.ts';
import { UnsupportedPattern } from './unsupported-pattern.ts';

export type ValueMatcher = 'absent' | ((value: Scalar) => boolean);

/**
 * Compares as event-ruler does: text never equals a number, prefix and suffix match text only, anything-but matches every value, of any
 * kind, that its list does not name.
 *
 * @throws UnsupportedPattern
 */
export function valueMatcher(element: unknown, path: string): ValueMatcher {
  if (typeof element === 'object' && element !== null && !Array.isArray(element)) {
    const [keyword, argument] = onlyEntry(element, path);
    return keywordMatcher(keyword, argument, path);
  }
  if (typeof element === 'string') return exactText(element, path);
  if (element === null || typeof element === 'boolean' || isExactNumber(element)) return (value) => value === element;
  throw new UnsupportedPattern(path, 'a value is neither text, a number up to 2^53, true, false, null nor a match expression');
}

function keywordMatcher(keyword: string, argument: unknown, path: string): ValueMatcher {
  switch (keyword) {
    case 'prefix':
      return startsWith(text(argument, `${path}.prefix`));
    case 'suffix':
      return endsWith(text(argument, `${path}.suffix`));
    case 'anything-but':
      return anythingBut(argument, `${path}.anything-but`);
    case 'exists':
      if (typeof argument !== 'boolean') throw new UnsupportedPattern(`${path}.exists`, 'the argument is not true or false');
      return argument ? () => true : 'absent';
    case 'numeric':
      return numeric(argument, `${path}.numeric`);
    default:
      throw new UnsupportedPattern(path, `"${keyword}" is not supported`);
  }
}

function exactText(wanted: string, path: string): ValueMatcher {
  // event-ruler compares IP addresses by value: 10.0.0.1 equals 010.0.0.1, and ::1 equals 0:0:0:0:0:0:0:1.
  if (isIPv6(wanted) || /^\d+(\.\d+){3}$/.test(wanted)) throw new UnsupportedPattern(path, `the IP address "${wanted}" is not supported`);
  return (value) => value === wanted;
}

// event-ruler includes the quotes in text comparisons, which matters when a prefix or suffix contains a quote.
function startsWith(prefix: string): (value: Scalar) => boolean {
  return (value) => typeof value === 'string' && `"${value}"`.startsWith(`"${prefix}`);
}

function endsWith(suffix: string): (value: Scalar) => boolean {
  return (value) => typeof value === 'string' && `"${value}"`.endsWith(`${suffix}"`);
}

function anythingBut(argument: unknown, path: string): ValueMatcher {
  const excluded = typeof argument === 'object' && !Array.isArray(argument) ? affixes(argument, path) : plainValues(argument, path);
  return (value) => !excluded.some((matches) => matches(value));
}

function plainValues(argument: unknown, path: string): ((value: Scalar) => boolean)[] {
  const values = Array.isArray(argument) ? argument : [argument];
  const oneKind = values.every((value) => typeof value === 'string') || values.every(isExactNumber);
  if (values.length === 0 || !oneKind)
    throw new UnsupportedPattern(path, 'the argument is not text, a number, or a list of only one of these');
  return values.map((excluded) => (value: Scalar) => value === excluded);
}

function affixes(argument: object | null, path: string): ((value: Scalar) => boolean)[] {
  const [keyword, argumentOfKeyword] = onlyEntry(argument ?? {}, path);
  if (keyword !== 'prefix' && keyword !== 'suffix') throw new UnsupportedPattern(path, `"${keyword}" is not supported here`);
  const list: unknown[] = Array.isArray(argumentOfKeyword) ? argumentOfKeyword : [argumentOfKeyword];
  if (list.length === 0 || list.includes('')) throw new UnsupportedPattern(`${path}.${keyword}`, 'an empty list or text');
  return list.map((affix) => (keyword === 'prefix' ? startsWith : endsWith)(text(affix, `${path}.${keyword}`)));
}

const comparisons = new Map<unknown, (value: number, limit: number) => boolean>([
  ['=', (value, limit) => value === limit],
  ['<', (value, limit) => value < limit],
  ['<=', (value, limit) => value <= limit],
  ['>', (value, limit) => value > limit],
  ['>=', (value, limit) => value >= limit],
]);

function numeric(argument: unknown, path: string): ValueMatcher {
  const terms: unknown[] = Array.isArray(argument) ? argument : [];
  const [operator, limit, upperOperator, upperLimit] = terms;
  const first = comparison(operator, limit, path);
  if (terms.length === 2) return first;

  const isRange = terms.length === 4 && (operator === '>' || operator === '>=') && (upperOperator === '<' || upperOperator === '<=');
  if (!isRange || !(Number(limit) < Number(upperLimit))) {
    throw new UnsupportedPattern(path, 'the argument is not [operator, number] or a range such as [">", 0, "<=", 5]');
  }
  const second = comparison(upperOperator, upperLimit, path);
  return (value) => first(value) && second(value);
}

function comparison(operator: unknown, limit: unknown, path: string): (value: Scalar) => boolean {
  const compare = comparisons.get(operator);
  if (compare === undefined || !isExactNumber(limit))
    throw new UnsupportedPattern(path, 'a term is not =, <, <=, > or >= and a number up to 2^53');
  return (value) => typeof value === 'number' && compare(value, limit);
}

function onlyEntry(object: object, path: string): [string, unknown] {
  const [entry, ...others] = Object.entries(object);
  if (entry === undefined || others.length > 0) throw new UnsupportedPattern(path, 'a match expression has exactly one keyword');
  return entry;
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new UnsupportedPattern(path, 'the argument is not text');
  return value;
}

/** Parsing JSON drops digits beyond 2^53, while event-ruler compares them. */
function isExactNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}
