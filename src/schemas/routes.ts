import * as z from 'zod';
import { DeadLetterQueue, DeadLetterQueueName, RedriveDeadLettersRequest, RedriveReport } from './dead-letters.ts';
import { ULID_PATTERN } from './event-id.ts';
import { Explanation, TimelineEntry } from './explanation.ts';
import { EventListQuery, RangePageQuery } from './list-query.ts';
import { Profile, ProfileReply } from './profile.ts';
import { DiscardRequest, NO_TENANT, QuarantinedEvent, QuarantinedOriginal, RedriveRequest } from './quarantined-event.ts';
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

const QuarantineTenant = z.union([Tenant, z.literal(NO_TENANT)], { error: 'a tenant' });
const QuarantinedPath = z.object({
  tenant: QuarantineTenant,
  id: z.string().regex(ULID_PATTERN, 'the id of an event in quarantine: a ULID of 26 characters'),
});
/** Dead-letter queues hold events of every tenant, so no tenant's token opens them. */
const OperatorTenant = z.literal(NO_TENANT, { error: `the reserved tenant "${NO_TENANT}", which operates the service` });
const NOT_IN_QUARANTINE = 'There is nothing in quarantine of that id.';

const PROFILE_PATH = '/v1/tenants/{tenant}/accounts/{account}/profile';

/** Everything about a route but its work: the gateway, validation, the OpenAPI document and the tests follow it. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: `/v1/${string}`;
  /** The function that serves it. */
  servedBy: 'lookup-api' | 'profiles-api' | 'operations-api' | 'dead-letters-api';
  scope: string;
  summary: string;
  description?: string;
  pathParameters: z.ZodObject;
  query: z.ZodObject;
  /** What the request must carry, as JSON; a route without takes no notice of a body. */
  body?: z.ZodType;
  /** Nothing is then the same as `{}`. */
  bodyIsOptional?: boolean;
  /** A route without answers 204 and nothing more. */
  reply?: z.ZodType;
  replies: string;
  /** What else it may answer, in words. */
  refusals?: Partial<Record<404 | 409, string>>;
};

/** The routes of the API that a token opens. */
export const ROUTES = {
  listAccountEvents: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events',
    servedBy: 'lookup-api',
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
    servedBy: 'lookup-api',
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
    servedBy: 'lookup-api',
    scope: 'events:read',
    summary: 'What an event led to, and why',
    description: 'Which workflows ran or why none did, and for each message what became of it or why it was not sent.',
    pathParameters: EventPath,
    query: NoQuery,
    reply: Explanation,
    replies: 'The explanation',
  },
  listTimeline: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/timeline',
    servedBy: 'lookup-api',
    scope: 'events:read',
    summary: "An account's timeline",
    description:
      'Events, runs, messages and what the subscriber texted back as one list, by time of occurrence. Runs and messages stand with the event they are about.',
    pathParameters: AccountPath,
    query: RangePageQuery,
    reply: listOf(TimelineEntry),
    replies: 'A page of the timeline',
  },
  listTenantEvents: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/events',
    servedBy: 'lookup-api',
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
    servedBy: 'lookup-api',
    scope: 'operations',
    summary: 'Events that could not be recorded',
    description: `Each with its faults. Events that name no usable tenant are those of the reserved tenant \`${NO_TENANT}\`.`,
    pathParameters: z.object({ tenant: QuarantineTenant }),
    query: RangePageQuery,
    reply: listOf(QuarantinedEvent),
    replies: 'A page of quarantined events',
  },
  getQuarantined: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/quarantine/{id}',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'One event in quarantine',
    description: 'With every fault, its own words, and what became of it.',
    pathParameters: QuarantinedPath,
    query: NoQuery,
    reply: QuarantinedOriginal,
    replies: 'The event',
    refusals: { 404: NOT_IN_QUARANTINE },
  },
  redriveQuarantined: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/quarantine/{id}/redrive',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Send an event in quarantine to the consumer again',
    description:
      'After a fix, or with a corrected detail, which must hold and name this tenant. What becomes of it shows in its `state`: `redriven`, then `resolved` once it is recorded, or `quarantined` with its faults again. May be repeated: the content is recorded once.',
    pathParameters: QuarantinedPath,
    query: NoQuery,
    body: RedriveRequest,
    bodyIsOptional: true,
    reply: QuarantinedEvent,
    replies: 'The event as it stands now',
    refusals: { 404: NOT_IN_QUARANTINE, 409: 'It was discarded, or another redrive is under way or has resolved it.' },
  },
  discardQuarantined: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/quarantine/{id}/discard',
    servedBy: 'operations-api',
    scope: 'operations',
    summary: 'Give up an event in quarantine',
    description: 'It stays on record with the reason. May be repeated with the same reason.',
    pathParameters: QuarantinedPath,
    query: NoQuery,
    body: DiscardRequest,
    reply: QuarantinedEvent,
    replies: 'The event as it stands now',
    refusals: { 404: NOT_IN_QUARANTINE, 409: 'It was discarded for another reason, or is redriven.' },
  },
  listDeadLetters: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/dead-letters',
    servedBy: 'dead-letters-api',
    scope: 'operations',
    summary: 'The dead-letter queues',
    description: `How much each holds. They hold events of every tenant, so they belong to the reserved tenant \`${NO_TENANT}\`.`,
    pathParameters: z.object({ tenant: OperatorTenant }),
    query: NoQuery,
    reply: listOf(DeadLetterQueue),
    replies: 'The queues',
  },
  redriveDeadLetters: {
    method: 'POST',
    path: '/v1/tenants/{tenant}/dead-letters/{queue}/redrive',
    servedBy: 'dead-letters-api',
    scope: 'operations',
    summary: 'Send what a dead-letter queue holds on its way again',
    description:
      'Counts and changes nothing, unless `dryRun` is false. What is behind a queue goes back by a move task of SQS; the rest is taken one by one for up to 15 seconds. May be repeated.',
    pathParameters: z.object({ tenant: OperatorTenant, queue: DeadLetterQueueName }),
    query: NoQuery,
    body: RedriveDeadLettersRequest,
    bodyIsOptional: true,
    reply: RedriveReport,
    replies: 'What was found, and done',
  },
  getProfile: {
    method: 'GET',
    path: PROFILE_PATH,
    servedBy: 'profiles-api',
    scope: 'profiles:read',
    summary: "An account's profile",
    description: 'Contacts, language and place, and what the subscriber agreed to or withdrew.',
    pathParameters: AccountPath,
    query: NoQuery,
    reply: ProfileReply,
    replies: 'The profile',
  },
  putProfile: {
    method: 'PUT',
    path: PROFILE_PATH,
    servedBy: 'profiles-api',
    scope: 'profiles:write',
    summary: "Set an account's profile",
    description:
      'Replaces the whole profile, but for consents: of what stands and what is sent, by class and channel, the later one stands; the withdrawal where both have one time. Leaving consents out changes none of them.',
    pathParameters: AccountPath,
    query: NoQuery,
    body: Profile,
    reply: ProfileReply,
    replies: 'The profile as it stands now',
  },
  deleteProfile: {
    method: 'DELETE',
    path: PROFILE_PATH,
    servedBy: 'profiles-api',
    scope: 'profiles:write',
    summary: "Erase an account's personal data",
    description:
      'Erases the profile, and numbers, addresses and texts on the records of its messages. What was sent when, its class and state stay, and so do withdrawals of consent. May be repeated.',
    pathParameters: AccountPath,
    query: NoQuery,
    replies: 'It is erased, or there was nothing to erase',
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** The routes that one function serves. */
export type RouteOf<Served extends Route['servedBy']> = {
  [Name in RouteName]: (typeof ROUTES)[Name]['servedBy'] extends Served ? Name : never;
}[RouteName];

/** The gateway's name for a route: its method and path. */
export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`;
}
