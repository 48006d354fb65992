import type { CursorKeys } from '../api/cursor.ts';
import { type ListRequest, listPage } from '../api/list-page.ts';
import { type RouteWork, serveRoutes } from '../api/serve-routes.ts';
import { listAccountEvents } from '../ingest/event-lists.ts';
import { listQuarantine } from '../ingest/quarantine.ts';
import { listUnknownTenants } from '../ingest/unknown-tenants.ts';
import { timelineEntry } from '../lookup/explain.ts';
import { explainEvent } from '../lookup/explain-event.ts';
import { offerReply } from '../lookup/explain-offer.ts';
import { eventFilter, getEvent, listEvents } from '../lookup/list-events.ts';
import { listTimeline } from '../lookup/timeline.ts';
import { listFailedActivations } from '../offers/failed-activations.ts';
import { httpHandler } from '../platform/http.ts';
import { readSettings } from '../platform/settings.ts';
import { createTenantTables, type TenantTables } from '../platform/tenant-tables.ts';
import { EVENT_ROUTES } from '../schemas/api/event-routes.ts';
import { FAILED_ACTIVATION_ROUTES } from '../schemas/api/failed-activation-routes.ts';
import { OPERATION_ROUTES } from '../schemas/api/operation-routes.ts';
import type { RouteOf } from '../schemas/api/routes.ts';
import { UNKNOWN_TENANT_ROUTES } from '../schemas/api/unknown-tenant-routes.ts';
import { eventReply } from '../schemas/event/recorded-event.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';

export type LookupDependencies = { tables: TenantTables; cursorKeys: CursorKeys; now: () => number };

const ROUTES = { ...EVENT_ROUTES, ...OPERATION_ROUTES, ...FAILED_ACTIVATION_ROUTES, ...UNKNOWN_TENANT_ROUTES };

/** The event history: lists, single events, timelines, and explanations of what became of an event. */
export function createHandler({ tables, cursorKeys, now }: LookupDependencies) {
  const routes: RouteWork<RouteOf<'lookup-api'>> = {
    listAccountEvents: ({ tenant, account }, query, sent) => {
      const read = (list: ListRequest) => listAccountEvents(tables(sent.tenant), { ...list, ...eventFilter(query), tenant, account });
      return listPage({ scope: ['account', tenant, account], query, cursorKeys }, read, eventReply);
    },
    getEvent: async (reference, _query, { tenant }) => eventReply(await getEvent(tables(tenant), reference)),
    explainEvent: (reference, _query, { tenant }) => explainEvent(tables(tenant), reference, now()),
    listTimeline: ({ tenant, account }, query, sent) => {
      const read = (list: ListRequest) => listTimeline(tables(sent.tenant), { ...list, tenant, account });
      return listPage({ scope: ['timeline', tenant, account], query, cursorKeys }, read, timelineEntry);
    },
    listTenantEvents: ({ tenant }, query, sent) =>
      listPage({ scope: ['tenant', tenant], query, cursorKeys }, listEvents(tables(sent.tenant), tenant, query), eventReply),
    listFailedActivations: ({ tenant }, query, sent) => {
      const read = (list: ListRequest) => listFailedActivations(tables(sent.tenant), { ...list, tenant });
      const reply = (record: OfferRecord) => ({ account: record.account, ...offerReply(record) });
      return listPage({ scope: ['failed-activations', tenant], query, cursorKeys }, read, reply);
    },
    listUnknownTenants: async (_path, _query, sent) => ({ data: await listUnknownTenants(tables(sent.tenant)), next: null }),
    listQuarantine: ({ tenant }, query, sent) => {
      const read = (list: ListRequest) => listQuarantine(tables(sent.tenant), { ...list, tenant });
      return listPage({ scope: ['quarantine', tenant], query, cursorKeys }, read, (event) => event);
    },
  };
  return httpHandler('lookup-api', serveRoutes(ROUTES, routes));
}

const { tableName, cursorKeys, lookupDataRole } = readSettings(['tableName', 'cursorKeys', 'lookupDataRole']);
const tables = createTenantTables({ name: tableName, dataRole: lookupDataRole });

export const handler = createHandler({ tables, cursorKeys, now: () => Date.now() });
