import * as z from 'zod';
import { ALL_TENANTS } from '../../platform/reserved-tenants.ts';
import { type MarketingPause, MarketingPauseReply, PauseMarketingRequest } from '../operations/marketing-pause.ts';
import { NoQuery, type Route, TenantOrAll } from './route.ts';

const PATH = '/v1/tenants/{tenant}/pauses/marketing';
const ALL = `The reserved tenant \`${ALL_TENANTS}\` stands for all tenants.`;
const pathParameters = z.object({ tenant: TenantOrAll });

const pauseExample: MarketingPause = {
  state: 'paused',
  reason: 'The alarm totogi-notifications-prod-email-bounce-rate rang.',
  cause: 'alarm',
  by: 'totogi-notifications-prod-email-bounce-rate',
  pausedAt: '2026-05-01T08:00:00.000Z',
};
const manualExample: MarketingPause = {
  state: 'paused',
  reason: 'The list that was imported yesterday is under review',
  cause: 'operations',
  by: '3n4b5urk1ft4fl3mg5e62d9ado',
  pausedAt: '2026-05-01T09:30:00.000Z',
};

/** A pause only stops the class marketing: service and regulatory messages continue. */
export const MARKETING_ROUTES = {
  getMarketingPause: {
    method: 'GET',
    path: PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Show whether marketing is paused',
    description: `Shows the latest pause of the tenant and the latest pause of all tenants, active or lifted. ${ALL}`,
    pathParameters,
    query: NoQuery,
    reply: MarketingPauseReply,
    replies: 'Whether it is paused, by whom and why',
    examples: { reply: { paused: true, ofAll: pauseExample } },
  },
  pauseMarketing: {
    method: 'PUT',
    path: PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Pause marketing',
    description: `Stops messages of the class marketing (\`marketing-paused\`) and the issue of offers; service and regulatory messages continue. An active pause does not change and keeps its reason. ${ALL}`,
    pathParameters,
    query: NoQuery,
    body: PauseMarketingRequest,
    reply: MarketingPauseReply,
    replies: 'The active pause',
    examples: { body: { reason: manualExample.reason }, reply: { paused: true, ofTenant: manualExample } },
  },
  liftMarketingPause: {
    method: 'DELETE',
    path: PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Resume marketing',
    description: `Lifts only the pause of the tenant in the path: a pause of all tenants stays active. Messages stopped by the pause are not sent later. May be repeated. ${ALL}`,
    pathParameters,
    query: NoQuery,
    reply: MarketingPauseReply,
    replies: 'Whether it is still paused',
    examples: {
      reply: {
        paused: false,
        ofTenant: { ...manualExample, state: 'lifted', liftedBy: manualExample.by, liftedAt: '2026-05-01T11:00:00.000Z' },
      },
    },
  },
} as const satisfies Record<string, Route>;
