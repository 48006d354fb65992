import * as z from 'zod';

export const Receipt = z.object({
  becomes: z.enum(['delivered', 'failed']),
  /** Whether it also applies to a message that is already delivered, as a late bounce and a complaint do. */
  overrulesDelivery: z.boolean(),
  /** The carrier's words, without number or address. */
  detail: z.string(),
  /** When the carrier knew: RFC 3339 in UTC, with milliseconds. */
  at: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;
