import { explain, timelineEntry } from '../rules/explain.ts';
import { offerReply } from '../rules/explain-offer.ts';
import { type RouteWork, serveRoutes } from '../runtime/api-route.ts';
import { httpHandler } from '../runtime/http.ts';
import { type ListRequest, listPage } from '../runtime/list-page.ts';
import { settings } from '../runtime/settings.ts';
import type { CursorKeys } from '../schemas/cursor.ts';
import { HttpProblem } from '../schemas/problem.ts';
import { eventReply, type RecordedEvent } from '../schemas/recorded-event.ts';
import { EVENT_ROUTES } from '../schemas/routes/event-routes.ts';
import { FAILED_ACTIVATION_ROUTES } from '../schemas/routes/failed-activation-routes.ts';
import type { EventFilter } from '../schemas/routes/list-query.ts';
import { OPERATION_ROUTES } from '../schemas/routes/operation-routes.ts';
import type { RouteOf } from '../schemas/routes/routes.ts';
import { UNKNOWN_TENANT_ROUTES } from '../schemas/routes/unknown-tenant-routes.ts';
import { type EventList, listAccountEvents, listTenantEvents } from '../store/event-lists.ts';
import { findEvent } from '../store/events.ts';
import { listMessages } from '../store/messages.ts';
import { listFailedActivations } from '../store/offers/failed-activations.ts';
import { findOffer } from '../store/offers/offers.ts';
import { listQuarantine } from '../store/quarantine.ts';
import { listRuns } from '../store/runs.ts';
import type { Table } from '../store/table.ts';
import { createTenantTables, type TenantTables } from '../store/tenant-tables.ts';
import { listTimeline } from '../store/timeline.ts';
import { listUnknownTenants } from '../store/unknown-tenants.ts';

export type LookupDependencies = { tables: TenantTables; cursorKeys: CursorKeys; now: () => number };

const ROUTES = { ...EVENT_ROUTES, ...OPERATION_ROUTES, ...FAILED_ACTIVATION_ROUTES, ...UNKNOWN_TENANT_ROUTES };

export function createHandler(deps: LookupDependencies) {
  return httpHandler('lookup-api', serveRoutes(ROUTES, lookups(deps)));
}

function lookups({ tables, cursorKeys, now }: LookupDependencies): RouteWork<RouteOf<'lookup-api'>> {
  return {
    listAccountEvents: ({ tenant, account }, query, sent) =>
      listPage(
        { scope: ['account', tenant, account], query, cursorKeys },
        (list) => listAccountEvents(tables(sent.tenant), { ...list, ...filter(query), tenant, account }),
        eventReply,
      ),
    getEvent: async ({ tenant, account, eventId }, _query, sent) =>
      eventReply(await existing(tables(sent.tenant), tenant, account, eventId)),
    explainEvent: async ({ tenant, account, eventId }, _query, sent) => {
      const table = tables(sent.tenant);
      const event = await existing(table, tenant, account, eventId);
      const [runs, messages, offer] = await Promise.all([
        listRuns(table, tenant, account, eventId),
        listMessages(table, tenant, account, eventId),
        findOffer(table, { tenant, account, offerId: eventId }),
      ]);
      return { ...explain(event, runs, messages, now()), ...(offer && { offer: offerReply(offer) }) };
    },
    listTimeline: ({ tenant, account }, query, sent) =>
      listPage(
        { scope: ['timeline', tenant, account], query, cursorKeys },
        (list) => listTimeline(tables(sent.tenant), { ...list, tenant, account }),
        timelineEntry,
      ),
    listTenantEvents: ({ tenant }, query, sent) => {
      const [account, ...others] = query.account ?? [];
      const table = tables(sent.tenant);
      const read = (list: ListRequest) =>
        account === undefined || others.length > 0
          ? listTenantEvents(table, { ...list, ...filter(query), tenant })
          : listAccountEvents(table, { ...list, ...filter(query), tenant, account });
      return listPage({ scope: ['tenant', tenant], query, cursorKeys }, read, eventReply);
    },
    listFailedActivations: ({ tenant }, query, sent) =>
      listPage(
        { scope: ['failed-activations', tenant], query, cursorKeys },
        (list) => listFailedActivations(tables(sent.tenant), { ...list, tenant }),
        (record) => ({ account: record.account, ...offerReply(record) }),
      ),
    listUnknownTenants: async (_path, _query, sent) => ({ data: await listUnknownTenants(tables(sent.tenant)), next: null }),
    listQuarantine: ({ tenant }, query, sent) =>
      listPage(
        { scope: ['quarantine', tenant], query, cursorKeys },
        (list) => listQuarantine(tables(sent.tenant), { ...list, tenant }),
        (event) => event,
      ),
  };
}

async function existing(table: Table, tenant: string, account: string, eventId: string): Promise<RecordedEvent> {
  const event = await findEvent(table, tenant, account, eventId);
  if (!event) throw new HttpProblem(404, 'No event with this ID exists for this account.');
  return event;
}

function filter({ type, account, state, device, name }: EventFilter & { account?: string[] | undefined }): Pick<EventList, 'accepts'> {
  const isOrAny = (wanted: string[] | undefined, found: string | undefined) =>
    wanted === undefined || (found !== undefined && wanted.includes(found));
  const accepts = ({ notification }: RecordedEvent) =>
    (type === undefined || type.includes(notification.type)) &&
    isOrAny(account, notification.account) &&
    isOrAny(state, notification.state) &&
    isOrAny(device, notification.device) &&
    isOrAny(name, notification.name);
  return { accepts };
}

function liveDependencies(): LookupDependencies {
  const { tableName, cursorKeys, dataRoles } = settings();
  return { tables: createTenantTables({ name: tableName, dataRole: dataRoles['lookup-api'] }), cursorKeys, now: () => Date.now() };
}

export const handler = createHandler(liveDependencies());
