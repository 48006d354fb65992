import { describe, expect, test } from 'vitest';
import { readCounter } from '../../src/rules/counter-meaning.ts';
import { hasRecovered, isLaterWordOn } from '../../src/rules/recovery.ts';
import type { CounterRule } from '../../src/schemas/tenant-configuration.ts';
import { notification } from '../builders/configuration.ts';

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
    expect(readCounter({ name, state }, none)).toEqual({ meaning, unit, counts: 'remaining' });
  });

  test.each([
    ['Bonus', 'low'],
    ['Data Thresholds', 'blocked'],
    ['Data Thresholds', 'Low'],
    ['metadata', 'low'],
  ])('%s in state %s means nothing', (name, state) => {
    expect(readCounter({ name, state }, none)).toBeUndefined();
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
    expect(readCounter({ name, state }, configuration)).toEqual({ meaning, unit: 'money', counts: 'usage' });
  });

  test.each(['Roam', 'xRoaming spend', 'data thresholds'])('the pattern has to match the whole name: %s', (name) => {
    expect(readCounter({ name, state: 'fine' }, configuration)).toBeUndefined();
  });

  test('a rule that does not know the state leaves it to the next', () => {
    const partial = { counters: [{ ...usage, states: { special: 'critical' as const } }] };
    expect(readCounter({ name: 'Data Thresholds', state: 'low' }, partial)).toMatchObject({ meaning: 'critical', unit: 'bytes' });
  });

  test('a pattern may not use the same characters twice', () => {
    const rule = { counters: [{ ...usage, names: ['ab*ba'] }] };
    expect(readCounter({ name: 'aba', state: 'fine' }, rule)).toBeUndefined();
    expect(readCounter({ name: 'abba', state: 'fine' }, rule)).toBeDefined();
  });
});

describe('a recovery', () => {
  const low = { device: 'd' };
  const later = { ...low, occurredAt: '2026-05-01T09:00:00.000Z' };

  test.each([
    ['the same counter later', later, true],
    ['the same counter at the same time', low, false],
    ['another counter', { ...later, name: 'AllowanceThresholdVoice' }, false],
    ['another device', { ...later, device: 'e' }, false],
  ])('is judged by %s: %s', (_what, other, counts) => {
    expect(isLaterWordOn(notification(low), notification(other))).toBe(counts);
  });

  test('has happened when the newest word is good, and not when there is none', () => {
    expect(hasRecovered(notification({ ...later, state: 'normal' }), none)).toBe(true);
    expect(hasRecovered(notification(later), none)).toBe(false);
    expect(hasRecovered(undefined, none)).toBe(false);
  });
});
