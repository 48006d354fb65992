import * as z from 'zod';

/** The unit a counter's threshold is given in. Money is in the tenant's currency, percent from 0 to 100. */
export const CounterUnit = z.enum(['bytes', 'seconds', 'messages', 'money', 'percent']);
export type CounterUnit = z.infer<typeof CounterUnit>;

/** What a state of a counter means to the subscriber. */
export const CounterMeaning = z.enum(['good', 'low', 'critical']);
export type CounterMeaning = z.infer<typeof CounterMeaning>;

const Pattern = z.string().min(1).max(100).describe('Text to match as a whole, in its letter case; "*" stands for any characters.');

/** What the counters of some names mean. `counts` says whether the threshold is what is left or what has been used. */
export const CounterRule = z.strictObject({
  names: z.array(Pattern).min(1),
  unit: CounterUnit.optional(),
  counts: z.enum(['remaining', 'usage']).default('remaining'),
  states: z.record(Pattern, CounterMeaning),
});
export type CounterRule = z.infer<typeof CounterRule>;
