import { createRandom } from './random.ts';

/** JSON text of approximately the requested size. */
export type HostileValue = { name: string; json: string };

/** Pieces that make readers slow, deep or wrong; long digits are in `numbers`. */
const PIECES = [
  '[',
  '{',
  '"',
  '\\',
  '\\u0061',
  ' ',
  '0',
  '9',
  'e',
  '.',
  '-',
  'a',
  'é',
  '😀',
  '\u200b',
  '__proto__',
  ',',
  ':',
  '#',
  '/',
] as const;
const LETTERS = 14;

/** The same size and seed give the same values. */
export function hostileValues(bytes: number, seed: number): HostileValue[] {
  return [...numbers(bytes), ...texts(bytes, seed), ...structures(bytes), ...textsOfJson(bytes)].map(([name, json]) => ({ name, json }));
}

type Named = [name: string, json: string];

function numbers(bytes: number): Named[] {
  return [
    ['a number of many digits', '1'.repeat(bytes)],
    ['a number of many digits after the dot', `0.${'0'.repeat(bytes)}1`],
    ['a number with a huge exponent', `1e${'9'.repeat(bytes)}`],
    ['a number with a tiny exponent', `1e-${'9'.repeat(bytes)}`],
    ['a long number that its exponent makes small', `${'1'.repeat(bytes)}e-${bytes}`],
    ['many numbers that doubles do not hold', list(bytes, '0.1234567890123456789')],
    ['many numbers with an exponent', list(bytes, '1e9')],
    ['text of many digits', JSON.stringify('1'.repeat(bytes))],
    ['text of many digits and a letter', JSON.stringify(`${'1'.repeat(bytes)}x`)],
    ['text of many digits, a dot and a letter', JSON.stringify(`${'1'.repeat(bytes / 2)}.${'1'.repeat(bytes / 2)}x`)],
    ['text of many zeros', JSON.stringify(`${'0'.repeat(bytes)}1`)],
    ['text of a number with a huge exponent', JSON.stringify(`1e${'9'.repeat(bytes)}`)],
  ];
}

function texts(bytes: number, seed: number): Named[] {
  const random = createRandom(`${seed}/hostile`);
  const mixed = Array.from({ length: bytes / 3 }, () => random.pick(PIECES)).join('');
  return [
    ['long text', JSON.stringify('a'.repeat(bytes))],
    ['long text of four bytes each', JSON.stringify('😀'.repeat(bytes / 4))],
    ['many spaces', JSON.stringify(' '.repeat(bytes))],
    ['many spaces and a letter', JSON.stringify(`${' '.repeat(bytes)}x`)],
    ['many brackets', JSON.stringify('['.repeat(bytes))],
    ['many braces', JSON.stringify('{"a":'.repeat(bytes / 7))],
    ['many backslashes', JSON.stringify('\\'.repeat(bytes / 2))],
    ['many quotes', JSON.stringify('"'.repeat(bytes / 2))],
    ['many escapes', `"${'\\u0061'.repeat(bytes / 6)}"`],
    ['many characters that nobody sees', JSON.stringify('\u200b'.repeat(bytes / 3))],
    ['broken Unicode', `"${'\\ud800'.repeat(bytes / 6)}"`],
    ['words without end', JSON.stringify('Threshold VOICE '.repeat(bytes / 16))],
    ['a mixture', JSON.stringify(mixed)],
  ];
}

function structures(bytes: number): Named[] {
  return [
    ['deep lists', deepLists(bytes)],
    ['deep objects', deepObjects(bytes)],
    ['levels as deep as may be, many times', list(bytes, `${'['.repeat(90)}${']'.repeat(90)}`)],
    ['many values', list(bytes, '0')],
    ['many empty lists', list(bytes, '[]')],
    ['many empty objects', list(bytes, '{}')],
    ['many short texts', list(bytes, '""')],
    ['many keys', keys(bytes, (index) => `"k${index}":0`)],
    ['one key in many letter cases', keys(bytes, (index) => `"${inLetterCase('rolloveramount', index)}":${index}`)],
    ['one key many times', keys(bytes, () => '"rolloveramount":1')],
    ['one key many times, half of them with escapes', keys(bytes, (index) => (index % 2 === 0 ? '"a":1' : '"\\u0061":1'))],
    ['keys with dots that are paths', keys(bytes, (index) => `"detail.${index}":0`)],
    ['a long key', `{"${'k'.repeat(bytes)}":1}`],
    ['a key of many escapes', `{"${'\\u0061'.repeat(bytes / 6)}":1}`],
    ['keys that every object has', '{"__proto__":1,"constructor":{"prototype":1},"toString":1,"hasOwnProperty":1}'],
    ['spaces between all parts', `{"a":${' '.repeat(bytes / 2)}[${' '.repeat(bytes / 2)}]}`],
  ];
}

/** JSON inside text, where each quote and backslash takes two bytes. */
function textsOfJson(bytes: number): Named[] {
  return [
    ['JSON text of deep lists', JSON.stringify(deepLists(bytes))],
    ['JSON text of deep lists in an object', JSON.stringify(`{"rolloveramount":${deepLists(bytes)}}`)],
    ['JSON text of deep objects', JSON.stringify(deepObjects(bytes * 0.7))],
    ['JSON text of many values', JSON.stringify(`{"a":${list(bytes, '0')}}`)],
    ['JSON text of many empty lists', JSON.stringify(`{"a":${list(bytes, '[]')}}`)],
    ['JSON text of many keys', JSON.stringify(keys(bytes * 0.7, (index) => `"k${index}":0`))],
    ['JSON text of one key many times', JSON.stringify(keys(bytes * 0.7, () => '"rolloveramount":1'))],
    ['JSON text of a long number', JSON.stringify(`{"rolloveramount":${'1'.repeat(bytes)}}`)],
    ['JSON text of long spaces', JSON.stringify(`{"a":${' '.repeat(bytes)}1}`)],
    ['JSON text of many backslashes', JSON.stringify(`{"a":"${'\\\\'.repeat(bytes / 4)}"}`)],
    ['JSON text that does not end', JSON.stringify(`{"a":${'['.repeat(bytes)}`)],
  ];
}

function deepLists(bytes: number): string {
  return '['.repeat(bytes / 2) + ']'.repeat(bytes / 2);
}

function deepObjects(bytes: number): string {
  return `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`;
}

function list(bytes: number, entry: string): string {
  return `[${Array.from({ length: Math.max(1, bytes / (entry.length + 1)) }, () => entry).join(',')}]`;
}

function keys(bytes: number, member: (index: number) => string): string {
  return `{${Array.from({ length: Math.max(1, bytes / (member(1_000).length + 1)) }, (_, index) => member(index)).join(',')}}`;
}

/** One of the 16,384 letter cases of a key. */
function inLetterCase(key: string, index: number): string {
  return [...key].map((letter, place) => ((index >> (place % LETTERS)) % 2 === 1 ? letter.toUpperCase() : letter)).join('');
}
