import * as z from 'zod';

/** The carrier's words, without number or address. `response` is missing if the carrier gave none. */
export const ReceiptDetail = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivery'), response: z.string().optional() }),
  z.object({ kind: z.literal('failure'), response: z.string().optional() }),
  z.object({
    kind: z.literal('bounce'),
    type: z.enum(['Undetermined', 'Permanent', 'Transient']),
    subtype: z.string().optional(),
    status: z.string().optional(),
  }),
  z.object({ kind: z.literal('complaint'), feedback: z.string().optional(), subtype: z.string().optional() }),
  z.object({ kind: z.literal('reject'), response: z.string().optional() }),
]);
export type ReceiptDetail = z.infer<typeof ReceiptDetail>;

export const Receipt = z.object({
  becomes: z.enum(['delivered', 'failed']),
  /** Whether it also applies to a message that is already delivered, as a late bounce and a complaint do. */
  overrulesDelivery: z.boolean(),
  detail: ReceiptDetail,
  /** When the carrier knew: RFC 3339 in UTC, with milliseconds. */
  at: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;
