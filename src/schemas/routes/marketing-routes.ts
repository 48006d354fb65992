import * as z from 'zod';
import { type MarketingStop, MarketingStopReply, StopMarketingRequest } from '../marketing-stop.ts';
import { NO_TENANT } from '../no-tenant.ts';
import { NoQuery, type Route, TenantOrAll } from './route.ts';

const PATH = '/v1/tenants/{tenant}/marketing-stop';
const ALL = `The reserved tenant \`${NO_TENANT}\` stands for all tenants.`;
const pathParameters = z.object({ tenant: TenantOrAll });

const stopExample: MarketingStop = {
  state: 'stopped',
  reason: 'The alarm totogi-notifications-prod-email-bounce-rate rang.',
  cause: 'alarm',
  by: 'totogi-notifications-prod-email-bounce-rate',
  stoppedAt: '2026-05-01T08:00:00.000Z',
};
const manualExample: MarketingStop = {
  state: 'stopped',
  reason: 'The list that was imported yesterday is under review',
  cause: 'operations',
  by: '3n4b5urk1ft4fl3mg5e62d9ado',
  stoppedAt: '2026-05-01T09:30:00.000Z',
};

/** The stop of the class marketing: service and regulatory messages go on. */
export const MARKETING_ROUTES = {
  getMarketingStop: {
    method: 'GET',
    path: PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Whether marketing is stopped',
    description: `The last stop of the tenant and the last one of all tenants, in force or lifted. ${ALL}`,
    pathParameters,
    query: NoQuery,
    reply: MarketingStopReply,
    replies: 'Whether it is stopped, by whom and why',
    examples: { reply: { stopped: true, ofAll: stopExample } },
  },
  stopMarketing: {
    method: 'PUT',
    path: PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Stop marketing',
    description: `From now on messages of the class marketing are refused (\`marketing-stopped\`) and no offers are issued; service and regulatory messages go on. A stop that is in force stays as it is, with its own reason. ${ALL}`,
    pathParameters,
    query: NoQuery,
    body: StopMarketingRequest,
    reply: MarketingStopReply,
    replies: 'The stop that is in force',
    examples: { body: { reason: manualExample.reason }, reply: { stopped: true, ofTenant: manualExample } },
  },
  liftMarketingStop: {
    method: 'DELETE',
    path: PATH,
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Lift a stop of marketing',
    description: `That of the tenant in the path and no other: where all marketing is stopped, it still is. What was refused is not sent later. May be repeated. ${ALL}`,
    pathParameters,
    query: NoQuery,
    reply: MarketingStopReply,
    replies: 'Whether it is stopped still',
    examples: {
      reply: {
        stopped: false,
        ofTenant: { ...manualExample, state: 'lifted', liftedBy: manualExample.by, liftedAt: '2026-05-01T11:00:00.000Z' },
      },
    },
  },
} as const satisfies Record<string, Route>;
