import { explain, timelineEntry } from '../rules/explain.ts';
import { type RouteWork, serveRoutes } from '../runtime/api-route.ts';
import { httpHandler } from '../runtime/http.ts';
import { settings } from '../runtime/settings.ts';
import { readCursor, writeCursor } from '../schemas/cursor.ts';
import type { EventListQuery } from '../schemas/list-query.ts';
import { HttpProblem } from '../schemas/problem.ts';
import { eventReply, type RecordedEvent } from '../schemas/recorded-event.ts';
import type { RouteOf } from '../schemas/routes.ts';
import { type EventList, listAccountEvents, listTenantEvents } from '../store/event-lists.ts';
import { findEvent } from '../store/events.ts';
import { listMessages } from '../store/messages.ts';
import type { Page } from '../store/pages.ts';
import { listQuarantine } from '../store/quarantine.ts';
import { listRuns } from '../store/runs.ts';
import { openTable, type Table } from '../store/table.ts';
import { listTimeline } from '../store/timeline.ts';

/** Answers what happened to whom, by tenant, account and time. */
export function createHandler({ table, now }: { table: Table; now: () => number }) {
  return httpHandler('lookup-api', serveRoutes(lookups(table, now)));
}

function lookups(table: Table, now: () => number): RouteWork<RouteOf<'lookup-api'>> {
  return {
    listAccountEvents: ({ tenant, account }, query) =>
      page(
        ['account', tenant, account],
        query,
        (list) => listAccountEvents(table, { ...list, ...filter(query), tenant, account }),
        eventReply,
      ),
    getEvent: async ({ tenant, account, eventId }) => eventReply(await existing(table, tenant, account, eventId)),
    explainEvent: async ({ tenant, account, eventId }) => {
      const event = await existing(table, tenant, account, eventId);
      const [runs, messages] = await Promise.all([
        listRuns(table, tenant, account, eventId),
        listMessages(table, tenant, account, eventId),
      ]);
      return explain(event, runs, messages, now());
    },
    listTimeline: ({ tenant, account }, query) =>
      page(['timeline', tenant, account], query, (list) => listTimeline(table, { ...list, tenant, account }), timelineEntry),
    listTenantEvents: ({ tenant }, query) =>
      page(['tenant', tenant], query, (list) => listTenantEvents(table, { ...list, ...filter(query), tenant }), eventReply),
    listQuarantine: ({ tenant }, query) =>
      page(
        ['quarantine', tenant],
        query,
        (list) => listQuarantine(table, { ...list, tenant }),
        (event) => event,
      ),
  };
}

async function existing(table: Table, tenant: string, account: string, eventId: string): Promise<RecordedEvent> {
  const event = await findEvent(table, tenant, account, eventId);
  if (!event) throw new HttpProblem(404, 'There is no event of this id on this account.');
  return event;
}

function filter({ type, state }: Pick<EventListQuery, 'type' | 'state'>): Pick<EventList, 'accepts'> {
  const accepts = ({ notification }: RecordedEvent) =>
    (type === undefined || type.includes(notification.type)) && (state === undefined || state === notification.state);
  return { accepts };
}

type PageQuery = Pick<EventListQuery, 'limit' | 'order' | 'cursor' | 'from' | 'to'>;
type ListRequest = { limit: number; descending: boolean; after: string | undefined; from: number | undefined; to: number | undefined };

/** Reads one page of a list. A cursor belongs to its list: everything but the size of the page is part of it. */
async function page<Value, Reply>(
  list: string[],
  query: PageQuery,
  read: (request: ListRequest) => Promise<Page<Value>>,
  reply: (value: Value) => Reply,
): Promise<{ data: Reply[]; next: string | null }> {
  const { limit, cursor, ...rest } = query;
  const sameList = [list, Object.entries(rest).toSorted(([left], [right]) => (left < right ? -1 : 1))];
  const after = cursor === undefined ? undefined : readCursor(cursor, sameList);
  if (cursor !== undefined && after === undefined) {
    const errors = [{ parameter: 'cursor', detail: 'expected the `next` of a reply to this very query' }];
    throw new HttpProblem(400, 'cursor: expected the `next` of a reply to this very query', { errors });
  }
  const { entries, position } = await read({ limit, after, descending: rest.order === 'desc', from: rest.from, to: rest.to });
  return { data: entries.map(reply), next: position === undefined ? null : writeCursor(position, sameList) };
}

export const handler = createHandler({ table: openTable(settings().tableName), now: () => Date.now() });
