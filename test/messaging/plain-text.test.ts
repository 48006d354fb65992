import { expect, test } from 'vitest';
import { plainName, plainPlan } from '../../src/messaging/plain-text.ts';

test.each([
  ['Ada', 'Ada'],
  ['  Ada   Lovelace ', 'Ada Lovelace'],
  ['José Muñoz-Pérez', 'José Muñoz-Pérez'],
  ['J. R. Smith', 'J R Smith'],
  ['Dr. Ana', 'Dr Ana'],
  ['Sinéad O’Connor', "Sinéad O'Connor"],
  ["Vincent van 't Hoff", "Vincent van 't Hoff"],
  ['Łukasz Żółć', 'Łukasz Żółć'],
  ['山田 太郎', '山田 太郎'],
  ['محمد', 'محمد'],
  ['Maximiliana Alexandrina Hohenlohe von Waldburg', 'Maximiliana Alexandrina Hohenlohe von'],
])('the name "%s" is said as "%s"', (name, expected) => {
  expect(plainName(name)).toBe(expected);
});

test.each([
  ['<script>alert(1)</script>'],
  ['Ada <img src=x onerror=alert(1)>'],
  ['evil.com'],
  ['Ada evil.com'],
  ['www.evil.com.'],
  ['https://evil.com/x'],
  ['Ada bit．ly'],
  ['bit․ly'],
  ['evil\u200b.com'],
  ['℀b'],
  ['ada@evil.com'],
  ['call +1 900 555 0100'],
  ['Ada\u0000Bob'],
  ['{{ brand }}'],
  ['"><a href=x>'],
  ['javascript:alert(1)'],
  ['a'.repeat(41)],
  ['...'],
  [''],
  [' '],
])('the name "%s" is not said at all', (name) => {
  expect(plainName(name)).toBeNull();
});

test('characters that nobody sees are left out of a name', () => {
  expect(plainName('A\u200bd\u202ea')).toBe('Ada');
  expect(plainName(undefined)).toBeNull();
});

test('whatever the name, what is said holds nothing but letters, marks, apostrophes, hyphens and spaces', () => {
  const pieces = ['Ada', '.', 'com', '/', ':', '<b>', '&', '"', "'", '-', ' ', '\n', '．', '℀', '\u200d', '@', '1', 'é', '%2e', '#', '\\'];
  let seed = 7;
  for (let round = 0; round < 5_000; round += 1) {
    const name = Array.from({ length: 6 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return pieces[seed % pieces.length];
    }).join('');
    expect(plainName(name) ?? '').toMatch(/^[\p{L}\p{M}' -]{0,40}$/u);
  }
});

test.each([
  ['plan-gold-30', 'plan-gold-30'],
  ['Gold 30_EU', 'Gold 30_EU'],
  ['evil.com', null],
  ['<b>gold</b>', null],
  ['g'.repeat(41), null],
  [42, null],
  [undefined, null],
])('the plan %o is said as %o', (plan, expected) => {
  expect(plainPlan(plan)).toBe(expected);
});
