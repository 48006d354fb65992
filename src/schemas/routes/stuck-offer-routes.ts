import * as z from 'zod';
import { FailedActivationReply, IssueReply } from '../explanation.ts';
import { eventExample, issueExample } from './event-examples.ts';
import { RangePageQuery } from './list-query.ts';
import { Account, EventId, listOf, NoQuery, type Route, Tenant, TenantPath } from './route.ts';

const IssuePath = z.object({
  tenant: Tenant,
  account: Account,
  issue: EventId.meta({ param: { example: issueExample.issue }, description: 'The id of the event that the offer followed.' }),
});
const NO_ISSUE = 'No offer was issued to this account for this event.';
const retriedExample = {
  acceptedAt: '2026-05-01T09:00:00.000Z',
  acceptedBy: 'link',
  acceptedVia: 'sms',
  summary: 'The offer "extra-gigabyte" was accepted by its link at 2026-05-01T09:00:00.000Z; Totogi is asked for it next.',
} as const;

const stuckExample = {
  ...issueExample,
  state: 'stuck',
  acceptedAt: '2026-05-01T09:00:00.000Z',
  acceptedBy: 'link',
  reason: 'timed-out',
  endedAt: '2026-05-01T09:15:10.000Z',
  summary:
    'The offer "extra-gigabyte" was accepted by its link at 2026-05-01T09:00:00.000Z and not given, or nobody knows whether it was (unanswered): operations decide.',
} as const;

/** Offers that were accepted and not given. */
export const STUCK_OFFER_ROUTES = {
  listFailedActivations: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/failed-activations',
    servedBy: 'lookup-api',
    scope: 'operations',
    summary: 'Offers that are stuck',
    description:
      'Accepted, and not given or nobody knows whether: each with its account and the reason, by the time of the event that led to it. What is being redeemed again, or was since, is not among them.',
    pathParameters: TenantPath,
    query: RangePageQuery,
    reply: listOf(FailedActivationReply),
    replies: 'A page of issues',
    examples: { reply: { data: [{ account: eventExample.account, ...stuckExample }], next: null } },
  },
  retryOffer: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/accounts/{account}/offers/{issue}/retry',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Redeem again what is stuck',
    description:
      'For an offer that was accepted and is `stuck`: Totogi refused it, or nobody knows whether it was given. Look at the account first. A new run looks too: where the plan is there it asks for nothing. May be repeated: a retry that is under way is not begun twice.',
    pathParameters: IssuePath,
    query: NoQuery,
    reply: IssueReply,
    status: 202,
    replies: 'The issue, which is being redeemed',
    refusals: { 404: NO_ISSUE, 409: 'It is not stuck.' },
    examples: { reply: { ...issueExample, state: 'accepted', retries: 1, ...retriedExample } },
  },
} as const satisfies Record<string, Route>;
