import * as z from 'zod';

export const Receipt = z.object({
  becomes: z.enum(['delivered', 'failed']),
  /** Whether it counts also for a message that is known to be delivered: a late bounce does, and a complaint. */
  overrulesDelivery: z.boolean(),
  /** The carrier's words, without number or address. */
  detail: z.string(),
  /** When the carrier found out: RFC 3339 in UTC, with milliseconds. */
  at: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;
