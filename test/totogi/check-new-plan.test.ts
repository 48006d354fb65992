import { expect, test } from 'vitest';
import type { TenantTotogi } from '../../src/totogi/client.ts';
import { checkNewPlan } from '../../src/totogi/grant-offer.ts';
import { offer } from '../builders/offers.ts';

const ACCEPTED = {
  tenant: 'mvno-example',
  account: 'acc-1',
  offerId: '01K8XK9M3QZ5J6W7V8N9P0R1S2',
  acceptedAt: '2026-05-01T08:00:00.000Z',
};
const PLAN = offer({ grant: { kind: 'subscribe', plan: 'plan-gold' } });

/** The account has no plan; its log has `pages` pages, and says on the last one that it got the plan. */
function totogiWithLog(pages: number) {
  let read = 0;
  const totogi = {
    getAccount: async () => ({ outcome: 'done', account: { activePlanVersions: [], inactivePlanVersions: [] } }),
    getEventDataRecordsByAccount: async () => {
      read += 1;
      const isLast = read === pages;
      const records = [{ action: isLast ? 'subscribeToPlan' : 'updateAccount', eventData: { planId: 'plan-gold' } }];
      return { outcome: 'done', records, next: isLast ? undefined : `page-${read}` };
    },
  };
  return { totogi: totogi as unknown as TenantTotogi, pagesRead: () => read };
}

test.each([
  [1, 'granted', 1],
  [200, 'granted', 200],
  [201, 'unknown', 200],
])('a plan on page %i of the log is %s after %i pages', async (pages, found, read) => {
  const { totogi, pagesRead } = totogiWithLog(pages);
  expect(await checkNewPlan(totogi, PLAN, { record: ACCEPTED, before: [] })).toBe(found);
  expect(pagesRead()).toBe(read);
});
