import { offerPerformance } from '../rules/offer-performance.ts';
import { type RouteWork, serveRoutes } from '../runtime/api-route.ts';
import { DAY } from '../runtime/duration.ts';
import { httpHandler } from '../runtime/http.ts';
import { settings } from '../runtime/settings.ts';
import { MAX_WINDOW_DAYS, type Offer } from '../schemas/offer.ts';
import type { OfferReply } from '../schemas/offer-performance.ts';
import { badRequest, HttpProblem } from '../schemas/problem.ts';
import type { PerformanceQuery } from '../schemas/routes/offer-routes.ts';
import { OFFER_ROUTES } from '../schemas/routes/offer-routes.ts';
import type { RouteOf } from '../schemas/routes/routes.ts';
import { type Configurations, createConfigurations } from '../store/configurations.ts';
import { readBudget } from '../store/offers/budgets.ts';
import { hasCounts, listDayFigures } from '../store/offers/counts.ts';
import type { Table } from '../store/table.ts';
import { createTenantTables, type TenantTables } from '../store/tenant-tables.ts';

const USUAL_DAYS = 30;
const MAX_DAYS = 366;
/** RFC 3339 cannot write a later day, and the reply contains the end of the range. */
const LAST_DAY = Date.parse('9999-12-31');

export type OffersDependencies = { tables: TenantTables; configurations: Configurations; now: () => number };

export function createHandler(deps: OffersDependencies) {
  return httpHandler('offers-api', serveRoutes(OFFER_ROUTES, offers(deps)));
}

function offers({ tables, configurations, now }: OffersDependencies): RouteWork<RouteOf<'offers-api'>> {
  return {
    listOffers: async (_path, _query, { tenant }) => {
      const table = tables(tenant);
      const published = await configurations.current(tenant);
      const inForce = published?.offers ?? [];
      const reply = (offer: Offer) => offerReply(table, { tenant, configuration: published?.version ?? '', offer }, now());
      return { data: await Promise.all(inForce.map(reply)), next: null };
    },
    showOfferPerformance: async ({ offer }, query, { tenant }) => {
      const table = tables(tenant);
      const published = await configurations.current(tenant);
      const inForce = published?.offers.find(({ id }) => id === offer);
      const { from, to } = wholeDays(query, now());
      const days = await listDayFigures(table, { tenant, offer, from, to });
      if (days.length === 0 && !inForce && !(await hasCounts(table, tenant, offer))) throw unknownOffer();
      const windowDays = inForce?.attribution.windowDays ?? MAX_WINDOW_DAYS;
      const prices = published?.configuration.messagePrices;
      return offerPerformance(days, { offer, from, to, windowDays, prices, now: now() });
    },
  };
}

type InForce = { tenant: string; configuration: string; offer: Offer };

async function offerReply(table: Table, { tenant, configuration, offer }: InForce, at: number): Promise<OfferReply> {
  const { perDay, total } = offer.budget;
  const { taken, takenToday } = await readBudget(table, { tenant, offer: offer.id }, at);
  const budget = { ...(perDay && { perDay, takenToday }), ...(total && { total, taken }) };
  return { ...offer, budget, configuration };
}

/** Counts are stored per day (UTC), so the range is widened to whole days. */
function wholeDays({ from, to }: PerformanceQuery, now: number): { from: number; to: number } {
  const last = Math.min(Math.ceil((to ?? now + 1) / DAY) * DAY, LAST_DAY);
  const first = from === undefined ? Math.max(last - USUAL_DAYS * DAY, 0) : Math.floor(from / DAY) * DAY;
  if (first <= last && last - first <= MAX_DAYS * DAY) return { from: first, to: last };
  const detail = `expected a day at most ${MAX_DAYS} before \`to\`, and none after it`;
  throw badRequest(['from'], (parameter) => ({ parameter, detail }));
}

function unknownOffer(): HttpProblem {
  return new HttpProblem(404, 'No offer with this code is in force or was ever issued.');
}

function liveDependencies(): OffersDependencies {
  const { tableName, dataRoles } = settings();
  const tables = createTenantTables({ name: tableName, dataRole: dataRoles['offers-api'] });
  const now = () => Date.now();
  return { tables, configurations: createConfigurations(tables, now), now };
}

export const handler = createHandler(liveDependencies());
