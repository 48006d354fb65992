import { type RouteWork, serveRoutes } from '../api/serve-routes.ts';
import { type Configurations, createConfigurations } from '../configuration/configurations.ts';
import { listOffers, showPerformance } from '../offers/report-offers.ts';
import { httpHandler } from '../platform/http.ts';
import { readSettings } from '../platform/settings.ts';
import { createTenantTables, type TenantTables } from '../platform/tenant-tables.ts';
import { OFFER_ROUTES } from '../schemas/api/offer-routes.ts';
import type { RouteOf } from '../schemas/api/routes.ts';

export type OffersDependencies = { tables: TenantTables; configurations: Configurations; now: () => number };

/** The offers in force, and what an offer earned. */
export function createHandler({ tables, configurations, now }: OffersDependencies) {
  const reportOf = async (tenant: string) => ({ tenant, published: await configurations.current(tenant), at: now() });
  const routes: RouteWork<RouteOf<'offers-api'>> = {
    listOffers: async (_path, _query, { tenant }) => ({ data: await listOffers(tables(tenant), await reportOf(tenant)), next: null }),
    showOfferPerformance: async ({ offer }, query, { tenant }) =>
      showPerformance(tables(tenant), await reportOf(tenant), { ...query, offer }),
  };
  return httpHandler('offers-api', serveRoutes(OFFER_ROUTES, routes));
}

const { tableName, offersDataRole } = readSettings(['tableName', 'offersDataRole']);
const tables = createTenantTables({ name: tableName, dataRole: offersDataRole });
const now = () => Date.now();

export const handler = createHandler({ tables, configurations: createConfigurations(tables, now), now });
