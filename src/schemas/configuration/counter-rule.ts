import * as z from 'zod';
import { boundedRecord } from './bounds.ts';
import { CounterUnit } from './counter-unit.ts';

export const CounterMeaning = z.enum(['good', 'low', 'critical']);
export type CounterMeaning = z.infer<typeof CounterMeaning>;

const MAX_NAMES = 50;
const MAX_STATES = 50;
const MAX_WILDCARDS = 8;

/** The limits matter, because each event's counter is matched against every pattern. */
const Pattern = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => text.split('*').length <= MAX_WILDCARDS + 1, `a text with at most ${MAX_WILDCARDS} "*"`)
  .describe('Matches the whole text, with letter case; "*" matches any characters.');

/** `counts` says whether the threshold is what remains or what has been used. */
export const CounterRule = z.strictObject({
  names: z.array(Pattern).min(1).max(MAX_NAMES),
  unit: CounterUnit.optional(),
  counts: z.enum(['remaining', 'usage']).default('remaining'),
  states: boundedRecord(Pattern, CounterMeaning, MAX_STATES),
});
export type CounterRule = z.infer<typeof CounterRule>;
