import { describe, expect, test } from 'vitest';
import { interpretCounter, isWorst } from '../../src/configuration/counter-meaning.ts';
import type { CounterRule } from '../../src/schemas/configuration/counter-rule.ts';

const none = { counters: [] };

describe('a counter without configuration', () => {
  test.each([
    ['AllowanceThresholdVoice', 'low', 'critical', 'seconds'],
    ['Voice Thresholds', 'normal', 'good', 'seconds'],
    ['AllowanceThresholdText', 'warning80', 'low', 'messages'],
    ['Data Thresholds', 'a warning', 'low', 'bytes'],
    ['UnitAllowanceThreshold', 'low', 'low', undefined],
    ['OutOfCredit', 'outOfCredit', 'critical', 'money'],
  ])('%s in state %s is %s in %s', (name, state, meaning, unit) => {
    expect(interpretCounter({ name, state }, none)).toEqual({ meaning, unit, counts: 'remaining' });
  });

  test.each([
    ['Bonus', 'low'],
    ['Data Thresholds', 'blocked'],
    ['Data Thresholds', 'Low'],
    ['metadata', 'low'],
  ])('%s in state %s means nothing', (name, state) => {
    expect(interpretCounter({ name, state }, none)).toBeUndefined();
  });
});

describe('a counter with configuration', () => {
  const usage: CounterRule = {
    names: ['Data *', 'Roam*spend*'],
    unit: 'money',
    counts: 'usage',
    states: { '*': 'low', 'cap*': 'critical', fine: 'good' },
  };
  const configuration = { counters: [usage] };

  test.each([
    ['Data Thresholds', 'fine', 'good'],
    ['Data Thresholds', 'anything', 'low'],
    ['Roaming spend 2', 'x', 'low'],
  ])('%s in state %s is %s before the defaults', (name, state, meaning) => {
    expect(interpretCounter({ name, state }, configuration)).toEqual({ meaning, unit: 'money', counts: 'usage' });
  });

  test.each(['Roam', 'xRoaming spend', 'data thresholds'])('the pattern has to match the whole name: %s', (name) => {
    expect(interpretCounter({ name, state: 'fine' }, configuration)).toBeUndefined();
  });

  test('a rule that does not know the state leaves it to the next', () => {
    const partial = { counters: [{ ...usage, states: { special: 'critical' as const } }] };
    expect(interpretCounter({ name: 'Data Thresholds', state: 'low' }, partial)).toMatchObject({ meaning: 'critical', unit: 'bytes' });
  });

  test('a pattern may not use the same characters twice', () => {
    const rule = { counters: [{ ...usage, names: ['ab*ba'] }] };
    expect(interpretCounter({ name: 'aba', state: 'fine' }, rule)).toBeUndefined();
    expect(interpretCounter({ name: 'abba', state: 'fine' }, rule)).toBeDefined();
  });
});

test.each([
  ['AllowanceThresholdData', 'low', true],
  ['AllowanceThresholdData', 'warning80', false],
  ['UnitAllowanceThreshold', 'low', true],
  ['Bonus', 'low', false],
])('%s in state %s is the worst that its rule knows: %s', (name, state, worst) => {
  expect(isWorst({ name, state }, none)).toBe(worst);
});
