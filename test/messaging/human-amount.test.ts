import { expect, test } from 'vitest';
import { humanAmount } from '../../src/messaging/human-amount.ts';
import type { CounterUnit } from '../../src/schemas/configuration/counter-unit.ts';

test.each<[number, CounterUnit, string, string]>([
  [1_073_741_824, 'bytes', 'en', '1 GB'],
  [1_610_612_736, 'bytes', 'en', '1.5 GB'],
  [214_748_364, 'bytes', 'en', '205 MB'],
  [214_748_364, 'bytes', 'es', '205 MB'],
  [1024, 'bytes', 'en', '1 kB'],
  [12, 'bytes', 'en', '12 byte'],
  [600, 'seconds', 'en', '10 min'],
  [90, 'seconds', 'es', '1,5 min'],
  [59, 'seconds', 'en', '59 sec'],
  [50, 'messages', 'en', '50'],
  [80, 'percent', 'en', '80%'],
  [80, 'percent', 'es', '80 %'],
  [5, 'money', 'en', '$5.00'],
  [0, 'bytes', 'en', '0 byte'],
])('%d %s in %s is "%s"', (amount, unit, language, text) => {
  expect(humanAmount(amount, unit, language, 'USD')).toBe(text);
});

test('an amount of an unknown unit or currency, or none at all, is not named', () => {
  expect(humanAmount(5, undefined, 'en', 'USD')).toBeUndefined();
  expect(humanAmount(5, 'money', 'en', undefined)).toBeUndefined();
  expect(humanAmount(undefined, 'bytes', 'en', 'USD')).toBeUndefined();
});
