import * as z from 'zod';
import { eventExample, offerExample } from './event-examples.ts';
import { FailedActivationReply, OfferReply } from './explanation.ts';
import { RangePageQuery } from './list-query.ts';
import { Account, EventId, listOf, NoQuery, type Route, Tenant, TenantPath } from './route.ts';

const OfferPath = z.object({
  tenant: Tenant,
  account: Account,
  offerId: EventId.meta({ param: { example: offerExample.offerId }, description: 'The ID of the event that led to the offer.' }),
});
const NO_OFFER = 'No offer with this ID exists for this account.';
const retriedExample = {
  acceptedAt: '2026-05-01T09:00:00.000Z',
  acceptedBy: 'link',
  acceptedVia: 'sms',
  summary: 'The offer "extra-gigabyte" was accepted by its link at 2026-05-01T09:00:00.000Z; Totogi is asked for it next.',
} as const;

const stuckExample = {
  ...offerExample,
  state: 'stuck',
  acceptedAt: '2026-05-01T09:00:00.000Z',
  acceptedBy: 'link',
  reason: 'timed-out',
  finishedAt: '2026-05-01T09:15:10.000Z',
  summary:
    'The offer "extra-gigabyte" was accepted by its link at 2026-05-01T09:00:00.000Z and not given, or nobody knows whether it was (Totogi was asked once and never answered): operations decide.',
} as const;

export const FAILED_ACTIVATION_ROUTES = {
  listFailedActivations: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/failed-activations',
    servedBy: 'lookup-api',
    scope: 'operations',
    summary: 'List failed activations',
    description:
      'Accepted offers whose redemption failed or has an unknown outcome, each with its account and the reason, by the time of the event that led to it. Excludes offers whose retry is running or has succeeded.',
    pathParameters: TenantPath,
    query: RangePageQuery,
    reply: listOf(FailedActivationReply),
    replies: 'A page of offers',
    examples: { reply: { data: [{ account: eventExample.account, ...stuckExample }], next: null } },
  },
  retryOffer: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/accounts/{account}/offers/{offerId}/retry',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Retry a stuck redemption',
    description:
      'For an accepted offer that is `stuck`: Totogi rejected the redemption, or its outcome is unknown. Check the account first. A new run checks too: if the account has the plan, it changes nothing. May be repeated: a running retry is not started twice.',
    pathParameters: OfferPath,
    query: NoQuery,
    reply: OfferReply,
    status: 202,
    replies: 'The offer, whose redemption is running',
    problems: { 404: NO_OFFER, 409: 'The offer is not `stuck`.' },
    examples: { reply: { ...offerExample, state: 'accepted', retries: 1, ...retriedExample } },
  },
} as const satisfies Record<string, Route>;
