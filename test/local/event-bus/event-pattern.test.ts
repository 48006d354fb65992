import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../local/event-bus/event-pattern.ts';

const event = {
  account: '266643203619',
  source: 'totogi.charging',
  resources: ['arn:one', 'arn:two'],
  empty: [],
  detail: {
    state: 'low',
    threshold: 300,
    nothing: null,
    flag: true,
    tags: { message: ['one'] },
    devices: [
      { id: 'a', kind: 'phone' },
      { id: 'b', kind: 'watch' },
    ],
    grid: [[{ x: '1', y: '1' }], [{ x: '2', y: '2' }]],
  },
};

const matches: [claim: string, pattern: unknown, matches: boolean][] = [
  ['text equals the same text', { source: ['totogi.charging'] }, true],
  ['text equals any of a list', { account: ['799148289882', '266643203619'] }, true],
  ['text differs in letter case', { source: ['Totogi.Charging'] }, false],
  ['every field has to match', { source: ['totogi.charging'], account: ['1'] }, false],
  ['a nested field matches', { detail: { state: ['low'] } }, true],
  ['a missing field matches no value', { region: ['us-east-1'] }, false],
  ['a field below a missing one matches no value', { region: { name: ['us-east-1'] } }, false],
  ['a field below text matches no value', { source: { name: ['totogi'] } }, false],
  ['a number is not its text', { detail: { threshold: ['300'] } }, false],
  ['null is not its text', { detail: { nothing: ['null'] } }, false],
  ['true is not its text', { detail: { flag: ['true'] } }, false],
  ['an array matches by any element', { resources: ['arn:two'] }, true],
  ['an array without the element does not match', { resources: ['arn:three'] }, false],
  ['two fields of one element match together', { detail: { devices: { id: ['b'], kind: ['watch'] } } }, true],
  ['fields of two elements do not match together', { detail: { devices: { id: ['a'], kind: ['watch'] } } }, false],
  ['nested arrays are consistent too', { detail: { grid: { x: ['1'], y: ['2'] } } }, false],
  ['exists sees text', { detail: { state: [{ exists: true }] } }, true],
  ['exists sees an element', { detail: { tags: { message: [{ exists: true }] } } }, true],
  ['exists sees a number', { detail: { threshold: [{ exists: true }] } }, true],
  ['exists sees null', { detail: { nothing: [{ exists: true }] } }, true],
  ['exists sees no missing field', { detail: { missing: [{ exists: true }] } }, false],
  ['exists sees no object', { detail: [{ exists: true }] }, false],
  ['exists sees no empty array', { empty: [{ exists: true }] }, false],
];

test.each(matches)('%s', (_claim, pattern, expected) => {
  expect(compilePattern('notifications', pattern)(event)).toBe(expected);
});

const refusals: [claim: string, pattern: unknown, place: string][] = [
  ['a pattern that is no object', 'x', 'at the top: '],
  ['an array for a pattern', [], 'at the top: '],
  ['an empty pattern', {}, 'at the top: '],
  ['an empty object inside', { detail: {} }, 'at detail: '],
  ['a value without array', { source: 'x' }, 'at source: '],
  ['an empty array', { detail: { state: [] } }, 'at detail.state: an empty array'],
  ['an array inside an array', { source: [['x']] }, 'at source: ["x"]'],
  ['a number', { detail: { threshold: [300] } }, 'at detail.threshold: 300'],
  ['null', { detail: { nothing: [null] } }, 'at detail.nothing: null'],
  ['a prefix', { source: ['x', { prefix: 'totogi.' }] }, 'at source: {"prefix":"totogi."}'],
  ['exists false', { source: [{ exists: false }] }, 'at source: {"exists":false}'],
  ['two operators at once', { source: [{ exists: true, prefix: 'a' }] }, 'at source: {"exists":true,"prefix":"a"}'],
  ['$or', { detail: { $or: [{ a: ['1'] }, { b: ['1'] }] } }, 'at detail.$or: "$or"'],
  ['a path with dots', { 'detail.state': ['low'] }, 'at detail.state: "detail.state"'],
];

test.each(refusals)('%s is refused by the name of the rule and of the field', (_claim, pattern, place) => {
  expect(() => compilePattern('notifications', pattern)).toThrow(`The pattern of the rule notifications cannot be matched here: ${place}`);
});

describe('a large event is matched in the time of reading it', () => {
  const list = Array.from({ length: 100_000 }, (_, index) => ({ id: String(index) }));

  test.each([
    ['the last of many elements', { detail: { list: { id: ['99999'] } } }, true],
    ['none of many elements', { detail: { list: { id: ['x'] } } }, false],
  ])('%s', (_claim, pattern, expected) => {
    expect(compilePattern('notifications', pattern)({ detail: { list } })).toBe(expected);
  });
});
