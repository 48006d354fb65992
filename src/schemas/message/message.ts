import * as z from 'zod';
import { WorkflowName } from '../run/workflow.ts';
import { Channel } from './channel.ts';
import { MessageClass } from './message-class.ts';
import { ReceiptDetail } from './receipt.ts';

/** The same reference is the same message, however often it is attempted. */
export const MessageReference = z.object({
  tenant: z.string(),
  account: z.string(),
  eventId: z.string(),
  workflow: WorkflowName,
  /** Unique in the run: `notice-sms`, `reminder-email`. */
  step: z.string(),
});
export type MessageReference = z.infer<typeof MessageReference>;

export const NotSentReason = z.enum([
  'no-contact',
  /** The device ID is the only contact, and is not known to be a phone number. */
  'device-id-not-a-number',
  'unknown-to-totogi',
  /** Totogi would have the contact, and did not answer before the message became stale. */
  'contact-unreachable',
  'no-template',
  'no-sender',
  /** Marketing by email without a way to unsubscribe: the template has no link, or the service does not know its own URL. */
  'no-unsubscribe-link',
  'no-offer-link',
  'opted-out',
  'no-consent',
  /** The tenant has configured neither countries for texts nor its own country. */
  'no-countries',
  'country-not-allowed',
  /** No number of a person's phone: premium, toll-free, satellite and others. */
  'number-type-not-allowed',
  /** The number, the account or the tenant has reached its limit of texts. */
  'number-limit',
  'account-limit',
  'tenant-limit',
  'address-suppressed',
  /** By operations or by an alarm. */
  'marketing-paused',
  'location-unknown',
  'no-sending-window',
  'daily-cap-reached',
  'weekly-cap-reached',
  'obsolete',
  'too-long',
  'template-failed',
  /** A rollover of 0: the message would be false. */
  'nothing-rolled-over',
]);
export type NotSentReason = z.infer<typeof NotSentReason>;

/** Further reasons why a message was not sent, or may have been, besides the codes of a carrier or the SDK. */
export type SendReason =
  | 'claimed-by-another-run'
  | 'not-claimed'
  /** The profile was deleted, and with it the copies on its messages. */
  | 'erased'
  | 'invalid-address'
  | 'no-message-id'
  | 'interrupted'
  | 'throttled'
  | 'not-attempted'
  | 'not-prepared'
  /** For a held message: its hours have not begun. For a failed one: they ended before the carrier took more. */
  | 'outside-hours';

export const SendResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), providerMessageId: z.string() }),
  z.object({ outcome: z.literal('failed'), reason: z.string() }),
  z.object({ outcome: z.literal('unknown'), reason: z.string() }),
]);
export type SendResult = z.infer<typeof SendResult>;

export const MessageState = z.enum(['claimed', 'accepted', 'delivered', 'failed', 'unknown', 'not-sent', 'merged', 'held']);
export type MessageState = z.infer<typeof MessageState>;

export const MessageRecord = z.object({
  ...MessageReference.shape,
  channel: Channel,
  template: z.string(),
  state: MessageState,
  reason: z.string().optional(),
  /** The durable execution that claimed it. No other one may send it. */
  owner: z.string(),
  to: z.string().optional(),
  text: z.string().optional(),
  subject: z.string().optional(),
  html: z.string().optional(),
  class: MessageClass.optional(),
  language: z.string().optional(),
  configuration: z.string(),
  sender: z.string().optional(),
  /** A text's parts and encoding, which determine its price. */
  parts: z.int().optional(),
  encoding: z.enum(['GSM-7', 'UCS-2']).optional(),
  /** RFC 3339. */
  heldUntil: z.string().optional(),
  mergedInto: z.string().optional(),
  /** Totogi's answer to the request for the contact, and its time: RFC 3339. */
  askedTotogi: z.object({ answer: z.string(), at: z.string() }).optional(),
  contactAwaitedSince: z.string().optional(),
  providerMessageId: z.string().optional(),
  claimedAt: z.string(),
  finalizedAt: z.string().optional(),
  /** When the carrier last throttled it, and the carrier's words. It is retried later. */
  postponedAt: z.string().optional(),
  postponedFor: z.string().optional(),
  /** When the carrier sent its receipt, and what it says. */
  receiptAt: z.string().optional(),
  receipt: ReceiptDetail.optional(),
  /** Seconds since the epoch. Without it the record never expires. */
  expiresAt: z.number().optional(),
});
export type MessageRecord = z.infer<typeof MessageRecord>;
