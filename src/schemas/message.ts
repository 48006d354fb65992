import * as z from 'zod';
import { WorkflowName } from './workflow.ts';

/** Which message of which run: the same reference is the same message, however often it is tried. */
export const MessageReference = z.object({
  tenant: z.string(),
  account: z.string(),
  eventId: z.string(),
  workflow: WorkflowName,
  step: z.string(),
});
export type MessageReference = z.infer<typeof MessageReference>;

/** Why a message never went out. */
export const RefusalReason = z.enum(['no-contact', 'no-template']);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** What came of the attempt to hand a message to the carrier. */
export const SendResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), providerMessageId: z.string() }),
  z.object({ outcome: z.literal('failed'), reason: z.string() }),
  z.object({ outcome: z.literal('unknown'), reason: z.string() }),
]);
export type SendResult = z.infer<typeof SendResult>;

/** A message as it stands on record. */
export const MessageRecord = z.object({
  ...MessageReference.shape,
  channel: z.literal('sms'),
  template: z.string(),
  state: z.enum(['claimed', 'accepted', 'failed', 'unknown', 'refused']),
  reason: z.string().optional(),
  /** The durable execution that claimed it: no other one may send it. */
  owner: z.string(),
  to: z.string().optional(),
  text: z.string().optional(),
  class: z.enum(['service', 'regulatory', 'marketing']).optional(),
  configuration: z.string(),
  senderId: z.string().optional(),
  providerMessageId: z.string().optional(),
  claimedAt: z.string(),
  settledAt: z.string().optional(),
});
export type MessageRecord = z.infer<typeof MessageRecord>;
