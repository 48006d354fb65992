import * as z from 'zod';

const at = z.string();

/** What a run found out, with the time. `why` is why the end of the plan is not from Totogi. */
export const RunNote = z.discriminatedUnion('note', [
  z.object({
    note: z.literal('plan-end'),
    from: z.enum(['totogi', 'lead-time', 'unknown']),
    why: z.enum(['not-configured', 'names-none', 'account-not-found', 'provider-not-active', 'unreachable']).optional(),
    at,
  }),
  /** More events followed the offer than are searched for its goal. */
  z.object({ note: z.literal('conversion-unknown'), at }),
]);
export type RunNote = z.infer<typeof RunNote>;
export type PlanEndNote = Omit<Extract<RunNote, { note: 'plan-end' }>, 'at'>;
