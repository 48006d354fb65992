import * as z from 'zod';
import { Channel } from './channel.ts';
import { MessageClass } from './message-class.ts';
import { WorkflowName } from './workflow.ts';

/** Which message of which run: the same reference is the same message, however often it is tried. */
export const MessageReference = z.object({
  tenant: z.string(),
  account: z.string(),
  eventId: z.string(),
  workflow: WorkflowName,
  /** What the message does in its run and how it goes: `notice-sms`, `reminder-email`. */
  step: z.string(),
});
export type MessageReference = z.infer<typeof MessageReference>;

/** What a message does in its run. A template may say it differently for each. */
export const MessageKind = z.enum(['notice', 'reminder', 'confirmation']);
export type MessageKind = z.infer<typeof MessageKind>;

export const NotSentReason = z.enum([
  'no-contact',
  /** The device id is the only contact, and is not known to be a phone number. */
  'device-id-not-a-number',
  /** Totogi's account is where the contact would be, and Totogi knows no such account. */
  'unknown-to-totogi',
  /** Totogi's account is where the contact would be, and Totogi did not answer for as long as it was news. */
  'contact-unreachable',
  'no-template',
  'no-sender',
  /** Marketing by email whose reader could not unsubscribe: the words have no link, or the service does not know its own address. */
  'no-unsubscribe-link',
  /** An offer that could not be accepted: the service does not know its own address. */
  'no-offer-link',
  'opted-out',
  'no-consent',
  /** The tenant names no countries for its texts, nor its own. */
  'no-countries',
  'country-not-allowed',
  /** The number is none that a person's phone has: premium, toll-free, satellite and others. */
  'number-type-not-allowed',
  /** The number, the account or the tenant had as many texts as the tenant allows. */
  'number-limit',
  'account-limit',
  'tenant-limit',
  /** The address bounced for good or complained. */
  'address-suppressed',
  /** Operations, or an alarm, stopped marketing. */
  'marketing-paused',
  /** Marketing where the subscriber's zone or country is unknown: it fails closed. */
  'location-unknown',
  'no-sending-window',
  'daily-cap-reached',
  'weekly-cap-reached',
  /** What it would have said is true no more. */
  'obsolete',
  'too-long',
  /** Its template could not be rendered with what is known of the event and the subscriber. */
  'template-failed',
  /** A rollover of 0: that something was carried over would be false. */
  'nothing-rolled-over',
]);
export type NotSentReason = z.infer<typeof NotSentReason>;

/** Why a message that was to go did not, or may have gone, beside what a carrier or the SDK calls it. */
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
  /** Of a message that is held: its hours have not begun; of one that failed: they were over when the carrier took more. */
  | 'outside-hours';

export const SendResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), providerMessageId: z.string() }),
  z.object({ outcome: z.literal('failed'), reason: z.string() }),
  z.object({ outcome: z.literal('unknown'), reason: z.string() }),
]);
export type SendResult = z.infer<typeof SendResult>;

/** Every state of a message: none of them is silent. */
export const MessageState = z.enum(['claimed', 'accepted', 'delivered', 'failed', 'unknown', 'not-sent', 'merged', 'held']);
export type MessageState = z.infer<typeof MessageState>;

export const MessageRecord = z.object({
  ...MessageReference.shape,
  channel: Channel,
  template: z.string(),
  state: MessageState,
  reason: z.string().optional(),
  /** The durable execution that claimed it: no other one may send it. */
  owner: z.string(),
  to: z.string().optional(),
  text: z.string().optional(),
  subject: z.string().optional(),
  html: z.string().optional(),
  class: MessageClass.optional(),
  language: z.string().optional(),
  configuration: z.string(),
  /** A text's sender id, an email's From. */
  sender: z.string().optional(),
  /** A text's parts and encoding, which make its price. */
  parts: z.int().optional(),
  encoding: z.enum(['GSM-7', 'UCS-2']).optional(),
  /** Until when it is held back: RFC 3339. */
  heldUntil: z.string().optional(),
  /** The event whose message says it too. */
  mergedInto: z.string().optional(),
  /** What Totogi said when it was asked for the contact, and when: RFC 3339. */
  askedTotogi: z.object({ answer: z.string(), at: z.string() }).optional(),
  /** Since when it waits for Totogi to answer. */
  contactAwaitedSince: z.string().optional(),
  providerMessageId: z.string().optional(),
  claimedAt: z.string(),
  finalizedAt: z.string().optional(),
  /** When the carrier last took no more for a moment, and in which words; it is sent again after a while. */
  postponedAt: z.string().optional(),
  postponedFor: z.string().optional(),
  /** When the carrier said what became of it, and its words. */
  receiptAt: z.string().optional(),
  receipt: z.string().optional(),
  /** Seconds since the epoch; without it the record is kept for good. */
  expiresAt: z.number().optional(),
});
export type MessageRecord = z.infer<typeof MessageRecord>;
