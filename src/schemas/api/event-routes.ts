import { EventReply } from '../event/recorded-event.ts';
import { eventExample, explanationExample, timelineExample } from './event-examples.ts';
import { Explanation, TimelineEntry } from './explanation.ts';
import { EventListQuery, RangePageQuery, TenantEventListQuery } from './list-query.ts';
import { AccountPath, EventPath, listOf, NoQuery, type Route, TenantPath } from './route.ts';

const NO_EVENT = 'No event with this ID exists for this account.';

export const EVENT_ROUTES = {
  listAccountEvents: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events',
    servedBy: 'lookup-api',
    scope: 'events:read',
    summary: "List an account's events",
    description: 'Sorted by time of occurrence.',
    pathParameters: AccountPath,
    query: EventListQuery,
    reply: listOf(EventReply),
    replies: 'A page of events',
    examples: { reply: { data: [eventExample], next: null } },
  },
  getEvent: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events/{eventId}',
    servedBy: 'lookup-api',
    scope: 'events:read',
    summary: 'Show an event',
    pathParameters: EventPath,
    query: NoQuery,
    reply: EventReply,
    replies: 'The event',
    problems: { 404: NO_EVENT },
    examples: { reply: eventExample },
  },
  explainEvent: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/events/{eventId}/explanation',
    servedBy: 'lookup-api',
    scope: 'events:read',
    summary: 'Explain what an event led to',
    description: 'Shows which workflows ran or why none did, and for each message its state or why it was not sent.',
    pathParameters: EventPath,
    query: NoQuery,
    reply: Explanation,
    replies: 'The explanation',
    problems: { 404: NO_EVENT },
    examples: { reply: explanationExample },
  },
  listTimeline: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/accounts/{account}/timeline',
    servedBy: 'lookup-api',
    scope: 'events:read',
    summary: "Get an account's timeline",
    description:
      'One list of events, runs, messages, offers and the texts of the subscriber, by time of occurrence. Runs, messages and offers are listed with their event.',
    pathParameters: AccountPath,
    query: RangePageQuery,
    reply: listOf(TimelineEntry),
    replies: 'A page of the timeline',
    examples: { reply: { data: timelineExample, next: null } },
  },
  listTenantEvents: {
    method: 'GET',
    path: '/v1/tenants/{tenant}/events',
    servedBy: 'lookup-api',
    scope: 'events:read',
    // A page may read 64 partitions.
    limit: { perSecond: 10, atOnce: 20 },
    summary: "List a tenant's events",
    description: 'The events of all accounts, by time of occurrence. A page may hold fewer events than `limit` and still have a `next`.',
    pathParameters: TenantPath,
    query: TenantEventListQuery,
    reply: listOf(EventReply),
    replies: 'A page of events',
    examples: { reply: { data: [eventExample], next: null } },
  },
} as const satisfies Record<string, Route>;
