import { DAY } from '../platform/duration.ts';
import { badRequest, HttpProblem } from '../platform/problem.ts';
import type { Table } from '../platform/table.ts';
import type { PerformanceQuery } from '../schemas/api/offer-routes.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import { MAX_WINDOW_DAYS, type Offer } from '../schemas/offer/offer.ts';
import type { OfferReply } from '../schemas/offer/offer-performance.ts';
import { readBudget } from './budgets.ts';
import { hasCounts, listDayFigures } from './counts.ts';
import { offerPerformance } from './offer-performance.ts';

const USUAL_DAYS = 30;
const MAX_DAYS = 366;
/** RFC 3339 cannot write a later day, and the reply contains the end of the range. */
const LAST_DAY = Date.parse('9999-12-31');

/** `at` in milliseconds since the epoch; no configuration is in force for a tenant that never published one. */
type Report = { tenant: string; published: PublishedConfiguration | undefined; at: number };

/** The offers in force, with what is left of their budgets. */
export function listOffers(table: Table, { tenant, published, at }: Report): Promise<OfferReply[]> {
  return Promise.all(
    (published?.offers ?? []).map(async (offer: Offer) => {
      const { perDay, total } = offer.budget;
      const { taken, takenToday } = await readBudget(table, { tenant, offer: offer.id }, at);
      const budget = { ...(perDay && { perDay, takenToday }), ...(total && { total, taken }) };
      return { ...offer, budget, configuration: published?.version ?? '' };
    }),
  );
}

/**
 * What an offer earned on the days of a range.
 *
 * @throws HttpProblem 400 for a range that is too long, 404 for an offer that never existed.
 */
export async function showPerformance(table: Table, { tenant, published, at }: Report, asked: PerformanceQuery & { offer: string }) {
  const { offer } = asked;
  const inForce = published?.offers.find(({ id }) => id === offer);
  const { from, to } = wholeDays(asked, at);
  const days = await listDayFigures(table, { tenant, offer, from, to });
  if (days.length === 0 && !inForce && !(await hasCounts(table, tenant, offer)))
    throw new HttpProblem(404, 'No offer with this code is in force or was ever issued.');
  const windowDays = inForce?.attribution.windowDays ?? MAX_WINDOW_DAYS;
  return offerPerformance(days, { offer, from, to, windowDays, prices: published?.configuration.messagePrices, now: at });
}

/** Counts are stored per day (UTC), so the range is widened to whole days. */
function wholeDays({ from, to }: PerformanceQuery, now: number): { from: number; to: number } {
  const last = Math.min(Math.ceil((to ?? now + 1) / DAY) * DAY, LAST_DAY);
  const first = from === undefined ? Math.max(last - USUAL_DAYS * DAY, 0) : Math.floor(from / DAY) * DAY;
  if (first <= last && last - first <= MAX_DAYS * DAY) return { from: first, to: last };
  const detail = `expected a day at most ${MAX_DAYS} before \`to\`, and none after it`;
  throw badRequest(['from'], (parameter) => ({ parameter, detail }));
}
