import * as z from 'zod';
import { digest } from '../../platform/hash.ts';
import { expiryAfter, putOnce, type Table } from '../../platform/table.ts';
import { firstDeliveryKey } from '../../schemas/keys.ts';

/** A dead-letter queue keeps a text for 14 days and can be redriven at the end. */
export const KEPT_DAYS = 90;

const FirstDelivery = z.object({
  /** Milliseconds since the epoch. */
  sentAt: z.number(),
  /** The offer that a YES accepts; without `offerId` when none was open. */
  means: z.object({ tenant: z.string(), account: z.string(), offerId: z.string().optional() }).optional(),
  /** Accounts of several tenants with open offers: the YES accepts none. */
  couldMean: z.array(z.object({ tenant: z.string(), account: z.string() })).optional(),
});
export type FirstDelivery = z.infer<typeof FirstDelivery>;

/**
 * Records the first delivery of a text. SNS may queue one text twice, with different times, and SQS may deliver a message twice:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 *
 * @param at milliseconds since the epoch.
 * @returns the stored delivery: this one, or the first.
 */
export async function recordFirstDelivery(
  table: Table,
  inboundMessageId: string,
  delivery: FirstDelivery,
  at: number,
): Promise<FirstDelivery> {
  const key = firstDeliveryKey(digest(inboundMessageId).toString('hex'));
  const result = await putOnce(table, { ...key, ...delivery, expiresAt: expiryAfter(at, KEPT_DAYS) });
  return result.outcome === 'done' ? delivery : FirstDelivery.parse(result.stored);
}
