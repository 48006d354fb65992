import * as z from 'zod';
import { canonicalPhone, E164Number } from '../profile/phone-number.ts';

/**
 * An inbound text, as AWS End User Messaging publishes it to the topic of a two-way number.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html
 */
export const SmsReply = z.object({
  /** Canonical if possible: an opt-out counts from any number that AWS sends. */
  originationNumber: E164Number.transform(canonicalPhone),
  /** Our number or short code. */
  destinationNumber: z.string().min(1),
  messageBody: z.string().max(5_000),
  inboundMessageId: z.string().min(1).max(200),
  previousPublishedMessageId: z.string().min(1).max(200).nullish(),
});
export type SmsReply = z.infer<typeof SmsReply>;
