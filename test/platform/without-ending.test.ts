import { expect, test } from 'vitest';
import { withoutEnding } from '../../src/platform/without-ending.ts';
import { shortTexts } from '../builders/short-texts.ts';

test('an ending is left out as the pattern did it, of every short text', () => {
  const isOther = (text: string) =>
    withoutEnding(text, '.,') !== text.replace(/[.,]+$/, '') || withoutEnding(text, '/') !== text.replace(/\/+$/, '');
  expect([...shortTexts('a.,/', 7)].filter(isOther)).toEqual([]);
});

test('a long text without the ending is read once', () => {
  const text = `${'/'.repeat(1_000_000)}x`;
  expect(withoutEnding(text, '/')).toBe(text);
});
