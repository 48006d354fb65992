import * as z from 'zod';
import { digest } from '../../schemas/event-id.ts';
import { firstDeliveryKey } from '../keys.ts';
import { expiryAfter, putOnce, type Table } from '../table.ts';

/** How long it is known that a text came: a dead-letter queue holds one for 14 days, and can be redriven at its end. */
export const KEPT_DAYS = 90;

const FirstDelivery = z.object({
  /** Milliseconds since the epoch. */
  sentAt: z.number(),
  /** Whose offer a yes accepts; without an offer when none was open. */
  means: z.object({ tenant: z.string(), account: z.string(), offerId: z.string().optional() }).optional(),
  /** Whose offers, of several tenants, a yes could accept: it accepts none. */
  couldMean: z.array(z.object({ tenant: z.string(), account: z.string() })).optional(),
});
/** What must not change when SNS and SQS hand a text over again: when it was said, and what a yes means. */
export type FirstDelivery = z.infer<typeof FirstDelivery>;

/**
 * Puts on record how a text was first handed over. SNS may put one text into the queue twice, each with a time of its own, and a queue may
 * give a message twice: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 *
 * @param at milliseconds since the epoch.
 * @returns what stands: this, or what was put there when the text came before.
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
