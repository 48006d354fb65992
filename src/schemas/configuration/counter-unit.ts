import * as z from 'zod';

/** Money is in the tenant's currency, percent from 0 to 100. */
export const CounterUnit = z.enum(['bytes', 'seconds', 'messages', 'money', 'percent']);
export type CounterUnit = z.infer<typeof CounterUnit>;
