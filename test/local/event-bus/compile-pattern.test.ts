import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../local/event-bus/compile-pattern.ts';
import { UnsupportedPattern } from '../../../local/event-bus/unsupported-pattern.ts';

const event = {
  account: '266643203619',
  source: 'totogi.charging',
  resources: ['arn:one', 'arn:two'],
  empty: [],
  detail: {
    state: 'low',
    blank: '',
    threshold: 300,
    text: '300',
    nothing: null,
    flag: true,
    devices: [
      { id: 'a', usage: 10 },
      { id: 'b', usage: 90 },
    ],
    grid: [[{ x: 1, y: 1 }], [{ x: 2, y: 2 }]],
  },
};

const table: [claim: string, pattern: unknown, matches: boolean][] = [
  ['text equals the same text', { source: ['totogi.charging'] }, true],
  ['text equals any of a list', { account: ['799148289882', '266643203619'] }, true],
  ['text differs in letter case', { source: ['Totogi.Charging'] }, false],
  ['every field has to match', { source: ['totogi.charging'], account: ['1'] }, false],
  ['a missing field matches no value', { region: ['us-east-1'] }, false],
  ['an object is no value', { detail: [null] }, false],
  ['a number equals the same number', { detail: { threshold: [300] } }, true],
  ['300.0 and 3e2 equal 300', JSON.parse('{"detail": {"threshold": [300.0], "devices": {"usage": [1e1]}}}'), true],
  ['a number is not its text', { detail: { threshold: ['300'] } }, false],
  ['text is not its number', { detail: { text: [300] } }, false],
  ['null equals null', { detail: { nothing: [null] } }, true],
  ['null is not its text', { detail: { nothing: ['null'] } }, false],
  ['true equals true', { detail: { flag: [true] } }, true],
  ['true is not false', { detail: { flag: [false] } }, false],

  ['a prefix matches', { source: [{ prefix: 'totogi.' }] }, true],
  ['another prefix does not', { source: [{ prefix: 'aws.' }] }, false],
  ['the empty prefix matches any text', { source: [{ prefix: '' }] }, true],
  ['a prefix sees no numbers', { detail: { threshold: [{ prefix: '3' }] } }, false],
  ['a suffix matches', { source: [{ suffix: '.charging' }] }, true],
  ['a suffix sees no numbers', { detail: { threshold: [{ suffix: '0' }] } }, false],
  ['a quote as prefix matches empty text, as it does on AWS', { detail: { blank: [{ prefix: '"' }] } }, true],

  ['anything-but refuses its value', { detail: { state: [{ 'anything-but': 'low' }] } }, false],
  ['anything-but takes another value', { detail: { state: [{ 'anything-but': 'normal' }] } }, true],
  ['anything-but refuses its list', { detail: { state: [{ 'anything-but': ['low', 'normal'] }] } }, false],
  ['anything-but refuses its number', { detail: { threshold: [{ 'anything-but': [300, 400] }] } }, false],
  ['anything-but a number takes the text of it', { detail: { text: [{ 'anything-but': 300 }] } }, true],
  ['anything-but takes null', { detail: { nothing: [{ 'anything-but': 'x' }] } }, true],
  ['anything-but needs the field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['anything-but refuses a prefix', { source: [{ 'anything-but': { prefix: 'totogi' } }] }, false],
  ['anything-but refuses a list of prefixes', { source: [{ 'anything-but': { prefix: ['aws', 'totogi'] } }] }, false],
  ['anything-but refuses a list of suffixes', { source: [{ 'anything-but': { suffix: ['charging', 'x'] } }] }, false],
  ['anything-but a prefix takes numbers', { detail: { threshold: [{ 'anything-but': { prefix: '3' } }] } }, true],
  ['anything-but takes an array with one other element', { resources: [{ 'anything-but': 'arn:one' }] }, true],

  ['exists sees a value', { detail: { state: [{ exists: true }] } }, true],
  ['exists sees null', { detail: { nothing: [{ exists: true }] } }, true],
  ['exists sees no object', { detail: [{ exists: true }] }, false],
  ['exists sees no empty array', { empty: [{ exists: true }] }, false],
  ['exists false matches a missing field', { detail: { missing: [{ exists: false }] } }, true],
  ['exists false refuses a present field', { detail: { state: [{ exists: false }] } }, false],
  ['exists false or a value', { detail: { state: [{ exists: false }, 'low'] } }, true],

  ['numeric equals', { detail: { threshold: [{ numeric: ['=', 300] }] } }, true],
  ['numeric range', { detail: { threshold: [{ numeric: ['>', 0, '<=', 300] }] } }, true],
  ['numeric range with an open end', { detail: { threshold: [{ numeric: ['>=', 0, '<', 300] }] } }, false],
  ['numeric sees no text', { detail: { text: [{ numeric: ['=', 300] }] } }, false],

  ['an array matches by any element', { resources: ['arn:two'] }, true],
  ['two fields of one element match together', { detail: { devices: { id: ['b'], usage: [90] } } }, true],
  ['fields of two elements do not match together', { detail: { devices: { id: ['a'], usage: [90] } } }, false],
  ['nested arrays are consistent too', { detail: { grid: { x: [1], y: [2] } } }, false],
  ['a field absent from the element that matched', { detail: { devices: { id: ['a'], name: [{ exists: false }] } } }, true],
  ['a path with dots is the nested path', { 'detail.state': ['low'] }, true],

  ['$or takes one branch', { $or: [{ source: ['x'] }, { detail: { state: ['low'] } }] }, true],
  ['$or refuses when no branch matches', { $or: [{ source: ['x'] }, { account: ['x'] }] }, false],
  ['$or stands beside other fields', { account: ['x'], $or: [{ source: ['totogi.charging'] }, { region: ['1'] }] }, false],
  ['$or nests', { detail: { $or: [{ state: ['x'] }, { threshold: [300], $or: [{ flag: [false] }, { nothing: [null] }] }] } }, true],
];

describe('compilePattern', () => {
  test.each(table)('%s', (_claim, pattern, matches) => {
    expect(compilePattern(pattern)(event)).toBe(matches);
  });
});

const unsupported: [claim: string, pattern: unknown, place: string][] = [
  ['a pattern that is no object', 'x', 'the top'],
  ['an array for a pattern', [], 'the top'],
  ['an empty pattern', {}, 'the top'],
  ['an empty object inside', { detail: {} }, 'detail'],
  ['a value without array', { source: 'x' }, 'source'],
  ['an empty array', { detail: { state: [] } }, 'detail.state'],
  ['an array inside an array', { source: [['x']] }, 'source'],
  ['wildcard', { source: [{ wildcard: 'a*' }] }, 'source'],
  ['cidr', { ip: [{ cidr: '10.0.0.0/8' }] }, 'ip'],
  ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'x' }] }, 'source'],
  ['equals-ignore-case in a prefix', { source: [{ prefix: { 'equals-ignore-case': 'x' } }] }, 'source.prefix'],
  ['wildcard in anything-but', { source: [{ 'anything-but': { wildcard: 'x' } }] }, 'source.anything-but'],
  ['an unknown keyword', { source: [{ like: 'x' }] }, 'source'],
  ['two keywords at once', { source: [{ prefix: 'a', suffix: 'b' }] }, 'source'],
  ['an empty match expression', { source: [{}] }, 'source'],
  ['exists with text', { source: [{ exists: 'yes' }] }, 'source.exists'],
  ['anything-but with nothing', { source: [{ 'anything-but': [] }] }, 'source.anything-but'],
  ['anything-but with null', { source: [{ 'anything-but': null }] }, 'source.anything-but'],
  ['anything-but with text and numbers', { source: [{ 'anything-but': ['a', 1] }] }, 'source.anything-but'],
  ['anything-but with an empty prefix', { source: [{ 'anything-but': { prefix: '' } }] }, 'source.anything-but.prefix'],
  ['anything-but with a list of numbers as suffixes', { source: [{ 'anything-but': { suffix: [1] } }] }, 'source.anything-but.suffix'],
  ['numeric without array', { a: [{ numeric: 5 }] }, 'a.numeric'],
  ['numeric with text', { a: [{ numeric: ['=', '5'] }] }, 'a.numeric'],
  ['numeric upside down', { a: [{ numeric: ['>', 5, '<', 1] }] }, 'a.numeric'],
  ['numeric with three terms', { a: [{ numeric: ['>', 5, '<'] }] }, 'a.numeric'],
  ['a number beyond 2^53', { a: [2 ** 53] }, 'a'],
  ['an IP address', { ip: ['10.0.0.1'] }, 'ip'],
  ['$or with one branch', { $or: [{ a: [1] }] }, '$or'],
  ['$or without array', { detail: { $or: { a: [1] } } }, 'detail.$or'],
  ['$or over text', { $or: ['a', 'b'] }, 'the top'],
  ['a keyword as field name inside $or', { $or: [{ prefix: ['a'] }, { a: [1] }] }, 'prefix'],
  ['the same field twice', { a: [1], $or: [{ a: [2] }, { b: [1] }] }, 'a'],
  [
    'more combinations than EventBridge takes',
    Object.fromEntries('abcdefghij'.split('').map((letter) => [letter, { $or: [{ one: [1] }, { two: [2] }] }])),
    '$or',
  ],
];

describe('a large event is matched in the time of reading it', () => {
  const many = 100_000;
  const list = Array.from({ length: many }, (_, index) => index);
  const large: [claim: string, pattern: unknown, event: Record<string, unknown>, matches: boolean][] = [
    ['a list beside what the pattern names', { source: ['totogi'] }, { source: 'totogi', detail: { list } }, true],
    ['exact values', { detail: { list: [-1, many - 1] } }, { detail: { list } }, true],
    ['numeric', { detail: { list: [{ numeric: ['>', many] }] } }, { detail: { list } }, false],
    ['prefix', { detail: { list: [{ prefix: 'y' }] } }, { detail: { list: list.map((each) => `x${each}`) } }, false],
    ['suffix', { detail: { list: [{ suffix: 'y' }] } }, { detail: { list: list.map((each) => `x${each}`) } }, false],
    ['anything-but', { detail: { list: [{ 'anything-but': [1] }] } }, { detail: { list: list.map(() => 1) } }, false],
    ['two lists that match, and a third that does not', { a: [1], b: [1], c: [2] }, three(list.map(() => 1)), false],
    ['an absent field', { a: [1], z: [{ exists: false }] }, { a: list }, true],
    ['a list of objects', { list: { id: [many - 1] } }, { list: list.map((id) => ({ id })) }, true],
    [
      'many elements at the end of many arrays',
      { list: [1] },
      {
        list: nested(
          900,
          list.map(() => [0]),
        ),
      },
      false,
    ],
    ['many keys below a long one', { source: ['totogi'] }, { source: 'totogi', ['k'.repeat(500_000)]: keys(many) }, true],
    ['many keys below one that the pattern names', { detail: { k1: [2] } }, { detail: keys(many) }, false],
  ];

  function three(value: unknown): Record<string, unknown> {
    return { a: value, b: value, c: value };
  }

  function nested(levels: number, inner: unknown): unknown {
    return Array.from({ length: levels }).reduce<unknown>((sofar) => [sofar], inner);
  }

  function keys(count: number): Record<string, number> {
    return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
  }

  // Without an answer in a fraction of it, the test runner's own limit ends the test.
  test.each(large)('%s', (_claim, pattern, whole, matches) => {
    expect(compilePattern(pattern)(whole)).toBe(matches);
  });
});

describe('compilePattern refuses', () => {
  test.each(unsupported)('%s, naming the place and what is supported', (_claim, pattern, place) => {
    expect(() => compilePattern(pattern)).toThrow(UnsupportedPattern);
    expect(() => compilePattern(pattern)).toThrow(`Event pattern at ${place}: `);
    expect(() => compilePattern(pattern)).toThrow('supported are nested objects');
  });
});
