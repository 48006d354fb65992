import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler } from '../../src/handlers/offers-api.ts';
import { OfferPerformance } from '../../src/schemas/offer/offer-performance.ts';
import { callApi } from '../builders/api-call.ts';
import { published } from '../builders/configuration.ts';
import { emulateOfferLives } from '../builders/offer-lives.ts';
import { recount } from '../builders/offer-recount.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

/** Few, to be quick; `OFFER_ACCOUNTS=10000 npx vitest run test/handlers/offer-recount.test.ts` takes more. */
const ACCOUNTS = Number(process.env.OFFER_ACCOUNTS ?? 25);
const TENANT = 'mvno-recount';
const FROM = Date.parse('2026-05-01T00:00:00Z');
const NOW = Date.parse('2026-07-01T00:00:00Z');
const DAYS = 5;

let opened: TestTable;
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  opened = await openTestTable();
});
afterAll(() => opened.close());

test(`the figures of ${ACCOUNTS} accounts' offers are those of a recount from their records`, { timeout: 3_600_000 }, async () => {
  const offered = offer({ holdoutPercent: 10, budget: { total: ACCOUNTS } });
  await publishConfiguration(opened.table, { ...published({ tenant: TENANT }), offers: [offered] }, new Date(NOW));
  const emulated = { tenant: TENANT, accounts: ACCOUNTS, seed: 1, offer: offered, from: FROM, days: DAYS };
  const offers = await emulateOfferLives(opened.table, emulated);

  const now = () => NOW;
  const handler = createHandler({ tables: () => opened.table, configurations: createConfigurations(opened.table, now), now });
  const path = { tenant: TENANT, offer: offered.id };
  const { body } = await callApi(handler, 'showOfferPerformance', { path, query: { from: '2026-05-01', to: '2026-05-06' } });
  const { days, total } = OfferPerformance.parse(body);
  expect(days.map(({ complete: _complete, ...figures }) => figures)).toEqual(await recount(opened.table, offers));
  expect(total.issued + total.heldOut).toBe(ACCOUNTS);
  expect(total.sms.sent).toBeGreaterThan(total.issued / 2);
});
