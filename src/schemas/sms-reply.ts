import * as z from 'zod';
import { canonicalPhone, E164Number } from './phone-number.ts';

/**
 * A text that a subscriber sent, as AWS End User Messaging publishes it to the topic of a two-way number.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/two-way-sms-payload.html
 */
export const SmsReply = z.object({
  /** In its canonical form, as far as it has one: a wish is heeded from any number that AWS names. */
  originationNumber: E164Number.transform(canonicalPhone),
  /** Ours: a number or a short code. */
  destinationNumber: z.string().min(1),
  messageBody: z.string().max(5_000),
  inboundMessageId: z.string().min(1).max(200),
  /** The message answered to, where AWS knows it. */
  previousPublishedMessageId: z.string().min(1).max(200).nullish(),
});
export type SmsReply = z.infer<typeof SmsReply>;
