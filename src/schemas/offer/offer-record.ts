import * as z from 'zod';
import { Channel } from '../message/channel.ts';
import type { MessageReference } from '../message/message.ts';
import type { WorkflowName } from '../run/workflow.ts';
import { UnsentNotice } from './offer-reasons.ts';

/**
 * An offer is issued, then accepted, redeeming and redeemed; or it ends as expired, declined, superseded by a later one, or denied by the
 * send policy on every channel. Held out: it would have been issued, but the account is in the comparison group. Stuck: the outcome of its
 * grant is unknown, and operations decide.
 */
export const OfferState = z.enum([
  'issued',
  'accepted',
  'redeeming',
  'redeemed',
  'expired',
  'declined',
  'superseded',
  'denied-by-policy',
  'held-out',
  'stuck',
]);
export type OfferState = z.infer<typeof OfferState>;

/** Records only gain fields. */
export const OfferRecord = z.object({
  tenant: z.string(),
  account: z.string(),
  /** The ID of the event that led to it, so that a repeated step issues nothing twice. */
  offerId: z.string(),
  offer: z.string(),
  /** The version of the configuration that the offer is read from until its end. */
  configuration: z.string(),
  state: OfferState,
  issuedAt: z.string(),
  /** RFC 3339. From this time on it can no longer be accepted. */
  validUntil: z.string(),
  attributedUntil: z.string(),
  callbackId: z.string().optional(),
  acceptedAt: z.string().optional(),
  acceptedBy: z.enum(['link', 'reply']).optional(),
  acceptedVia: Channel.optional(),
  redeemedAt: z.string().optional(),
  /** The account's subscriptions to the offered plan before the first request to Totogi, so that each later check finds only new ones. */
  plansBefore: z.array(z.string()).optional(),
  retries: z.int().optional(),
  /** Why it is stuck. */
  reason: z.string().optional(),
  notSent: z.array(UnsentNotice).optional(),
  finishedAt: z.string().optional(),
  /** The first opening of its link, possibly by a mail scanner. */
  openedAt: z.string().optional(),
  openedVia: Channel.optional(),
  sent: z.array(z.string()).optional(),
  deliveredBy: z.array(Channel).optional(),
  convertedBy: z.string().optional(),
  convertedAt: z.string().optional(),
  /** Seconds since the epoch, for DynamoDB's time to live. */
  expiresAt: z.number().optional(),
});
export type OfferRecord = z.infer<typeof OfferRecord>;

export type OfferSummary = Pick<OfferRecord, 'offer' | 'state' | 'issuedAt'>;

/** Each of its runs is about the offer that its event led to. */
export const OFFER_WORKFLOW = 'retention-offer' satisfies WorkflowName;

export type OfMessage = Omit<MessageReference, 'workflow'> & { workflow: string };

export function offerReferenceOf({
  tenant,
  account,
  eventId,
  workflow,
}: OfMessage): Pick<OfferRecord, 'tenant' | 'account' | 'offerId'> | undefined {
  return workflow === OFFER_WORKFLOW ? { tenant, account, offerId: eventId } : undefined;
}
