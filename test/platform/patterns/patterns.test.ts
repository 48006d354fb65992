import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultOf } from './check-pattern.ts';
import { type Pattern, patternsOf } from './patterns-of.ts';

/** Patterns whose work may grow faster than their text, each with what bounds that text. */
const EXCEPTIONS: { file: string; written: string; reason: string }[] = [];

function patternsOfSources(): Pattern[] {
  const files = globSync('src/**/*.ts').toSorted();
  return files.flatMap((file) => patternsOf(file.replaceAll('\\', '/'), readFileSync(file, 'utf8')));
}

test('the work of every regular expression of src grows with its text and no faster', () => {
  const patterns = patternsOfSources();
  const known = new Map<string, string | undefined>();
  const faults = patterns.flatMap((pattern) => {
    const { file, line, written, source, flags } = pattern;
    if (source === undefined) return [{ ...pattern, fault: `${file}:${line} ${written}: cannot be read here: write it as a literal` }];
    const key = `/${source}/${flags}`;
    if (!known.has(key)) known.set(key, faultOf(source, flags));
    const fault = known.get(key);
    return fault === undefined ? [] : [{ ...pattern, fault: `${file}:${line} ${written}: ${fault}` }];
  });
  const isException = ({ file, written }: Pattern) => EXCEPTIONS.some((one) => one.file === file && one.written === written);
  expect(faults.filter((one) => !isException(one)).map(({ fault }) => fault)).toEqual([]);
  // An exception that is needed no more goes.
  expect(EXCEPTIONS.filter(({ file, written }) => !faults.some((one) => one.file === file && one.written === written))).toEqual([]);
  expect(patterns.length).toBeGreaterThan(100);
});

test('every way to write a regular expression is found', () => {
  const text = [
    'const NAME = /a+/u;',
    'const TEXT = "b+";',
    ['new RegExp(`^', '{NAME.source}$`, "gu");'].join('$'),
    'RegExp(TEXT, "i");',
    'new RegExp("c+" + name);',
    'text.match("d+");',
    'z.string().regex(/e+/);',
    'z.iso.date();',
    'z.iso.datetime({ offset: true });',
    'z.hostname();',
    'text.split(/f/);',
  ].join('\n');
  const found = patternsOf('sample.ts', text);
  expect(found.map(({ line, source, flags }) => [line, source?.slice(0, 8), flags])).toEqual([
    [1, 'a+', 'u'],
    [3, '^a+$', 'gu'],
    [4, 'b+', 'i'],
    [5, undefined, ''],
    [6, 'd+', ''],
    [7, 'e+', ''],
    [8, '^(?:(?:\\', ''],
    [9, '^(?:(?:\\', ''],
    [10, undefined, ''],
    [11, 'f', ''],
  ]);
});

test.each([
  ['^(a|a)*$', ''],
  ['^\\s*(.*?)\\s*<([^<>]*)>\\s*$', 's'],
  ['\\S+@\\S+', ''],
  ['[.,]+$', ''],
  // Those with assertions are searched, not calculated.
  ['^(?=.)(\\w|\\d)+$', ''],
  ['^(?=a)\\s*\\s*\\s*$|x(?!y)\\d+\\d+z', ''],
  ['^[+-]?(?!x)(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d{1,3})?$', 'i'],
])('a pattern whose work grows faster is found: %s', (source, flags) => {
  expect(faultOf(source, flags)).toMatch(/polynomial|exponential/);
});
