import * as z from 'zod';
import { ULID_PATTERN } from './event-id.ts';
import { Explanation } from './explanation.ts';
import { EventListQuery, QuarantineListQuery } from './list-query.ts';
import { NO_TENANT, QuarantinedEvent } from './quarantined-event.ts';
import { EventReply } from './recorded-event.ts';

/** A list in a reply; `next` is the cursor of the page that follows, or null. */
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ data: z.array(item), next: z.string().nullable() });

const Tenant = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a tenant');
const Account = z
  .string()
  .min(1, 'an account')
  .refine((account) => !account.includes('#'), 'an account, without "#"')
  .meta({ override: { type: 'string', minLength: 1, pattern: '^[^#]+$' } });
const EventId = z.string().regex(ULID_PATTERN, 'an event id: a ULID of 26 characters');

const NoQuery = z.strictObject({});
const AccountPath = z.object({ tenant: Tenant, account: Account });
const EventPath = z.object({ tenant: Tenant, account: Account, eventId: EventId });

/** Everything about a route but its work: the gateway, validation, the OpenAPI document and the tests follow it. */
export type Route = {
  method: 'GET';
  path: `/v1/${string}`;
  scope: string;
  summary: string;
  description?: string;
  pathParameters: z.ZodObject;
  query: z.ZodObject;
  reply: z.ZodType;
  replies: string;
};

/** The routes of the API that a token opens. */
export const ROUTES = {
  listAccountEvents: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events',
    scope: 'events:read',
    summary: "An account's events",
    description: 'What happened to one account, by time of occurrence.',
    pathParameters: AccountPath,
    query: EventListQuery,
    reply: listOf(EventReply),
    replies: 'A page of events',
  },
  getEvent: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events/{eventId}',
    scope: 'events:read',
    summary: 'One event',
    pathParameters: EventPath,
    query: NoQuery,
    reply: EventReply,
    replies: 'The event',
  },
  explainEvent: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events/{eventId}/explanation',
    scope: 'events:read',
    summary: 'What an event led to, and why',
    description: 'Which workflows ran or why none did, and for each message what became of it or why it was not sent.',
    pathParameters: EventPath,
    query: NoQuery,
    reply: Explanation,
    replies: 'The explanation',
  },
  listTenantEvents: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/events',
    scope: 'events:read',
    summary: "A tenant's whole timeline",
    description: 'Every event of every account, by time of occurrence. A page may hold fewer events than `limit` and still have a `next`.',
    pathParameters: z.object({ tenant: Tenant }),
    query: EventListQuery,
    reply: listOf(EventReply),
    replies: 'A page of events',
  },
  listQuarantine: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/quarantine',
    scope: 'operations',
    summary: 'Events that could not be recorded',
    description: `Each with its faults. Events that name no usable tenant are those of the reserved tenant \`${NO_TENANT}\`.`,
    pathParameters: z.object({ tenant: z.union([Tenant, z.literal(NO_TENANT)], { error: 'a tenant' }) }),
    query: QuarantineListQuery,
    reply: listOf(QuarantinedEvent),
    replies: 'A page of quarantined events',
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** The gateway's name for a route: its method and path. */
export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}
