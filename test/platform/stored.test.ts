import { expect, test } from 'vitest';
import * as z from 'zod';
import { stored } from '../../src/platform/stored.ts';

const LONG = 'x'.repeat(5_000);

const Sample = z
  .strictObject({
    name: z
      .string()
      .max(10)
      .refine((text) => !text.includes('/')),
    at: z.iso.datetime(),
    amount: z.int().positive().default(1),
    list: z.array(z.string().regex(/^a$/)).max(1).default([]),
    limits: z.strictObject({ most: z.int().max(5).default(5) }).prefault({}),
    byClass: z.partialRecord(z.enum(['a', 'b']), z.string().max(3)).default({}),
    byName: z
      .record(z.string().regex(/^a/), z.number().max(1))
      .refine((entries) => Object.keys(entries).length < 2)
      .optional(),
    either: z
      .union([z.enum(['one']), z.strictObject({ other: z.string().max(1).optional() }).refine(({ other }) => other !== 'x')])
      .optional(),
    kind: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('b'), plan: z.string().max(1) }),
        z.strictObject({ kind: z.literal('c'), plan: z.number() }),
      ])
      .optional(),
  })
  .refine(() => false);

test('what was stored is read whatever the rules for input are today, with its defaults', () => {
  const value = {
    name: `a/${LONG}`,
    at: 'yesterday',
    amount: -1.5,
    list: ['b', 'c'],
    limits: { most: 9 },
    byClass: { b: LONG },
    byName: { b: 2, c: 3 },
    either: { other: 'x' },
    kind: { kind: 'b' as const, plan: LONG },
  };
  expect(stored(Sample).parse(value)).toEqual(value);
  expect(stored(Sample).parse({ name: '', at: '' })).toEqual({ name: '', at: '', amount: 1, list: [], limits: { most: 5 }, byClass: {} });
});

test('what newer code wrote besides is left out, at every level', () => {
  const value = { name: '', at: '', more: 1, limits: { most: 1, more: 1 }, kind: { kind: 'c', plan: 1, more: 1 } };
  const read = stored(Sample).parse(value);
  expect([read.limits, read.kind, 'more' in read]).toEqual([{ most: 1 }, { kind: 'c', plan: 1 }, false]);
});

test('what has another shape is refused', () => {
  expect(() => stored(Sample).parse({ name: 1, at: '' })).toThrow();
  expect(() => stored(Sample).parse({ name: '', at: '', kind: { kind: 'd', plan: 1 } })).toThrow();
});

test('a schema with a part that is not known here is refused at once', () => {
  expect(() => stored(z.object({ a: z.string().transform(Number) }))).toThrow('of the type transform');
});
