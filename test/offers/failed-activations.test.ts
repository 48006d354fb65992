import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFailedActivations } from '../../src/offers/failed-activations.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { retryOffer } from '../../src/offers/retries.ts';
import { acceptOffer, markOfferStuck } from '../../src/offers/transitions.ts';
import { ulid } from '../../src/platform/ulid.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = Date.parse('2026-05-01T08:00:00.000Z');

let opened: TestTable;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());

const referenceOf = (tenant: string, number: number) => ({
  tenant,
  account: `acc-${number}`,
  offerId: ulid(AT + number, Buffer.alloc(10, number)),
});

async function markStuck(tenant: string, number: number): Promise<void> {
  const one = referenceOf(tenant, number);
  await issueOffer(opened.table, { ...one, configuration: 'v-1' }, { offer: offer(), heldOut: false }, AT);
  await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: AT + 1 });
  await markOfferStuck(opened.table, one, 'unknown-twice', AT + 2);
}
const pageOf = async (tenant: string, more: { limit?: number; after?: string | undefined } = {}) => {
  const { entries, position } = await listFailedActivations(opened.table, { tenant, descending: true, limit: 10, ...more });
  return { accounts: entries.map(({ value }) => value.account), position };
};

test('offers that are stuck are listed, a page at a time, those of one tenant alone', async () => {
  for (const number of [1, 2, 3]) await markStuck('mvno-list', number);
  await markStuck('mvno-other', 4);
  const first = await pageOf('mvno-list', { limit: 2 });
  expect(first.accounts).toEqual(['acc-3', 'acc-2']);
  expect(await pageOf('mvno-list', { limit: 2, after: first.position })).toEqual({ accounts: ['acc-1'], position: undefined });
  expect((await pageOf('mvno-none')).accounts).toEqual([]);
});

test('what is redeemed again is listed no more, until it is stuck again', async () => {
  await markStuck('mvno-again', 1);
  await retryOffer(opened.table, referenceOf('mvno-again', 1));
  expect((await pageOf('mvno-again')).accounts).toEqual([]);
  await markOfferStuck(opened.table, referenceOf('mvno-again', 1), 'timed-out', AT + 3);
  expect((await pageOf('mvno-again')).accounts).toEqual(['acc-1']);
});
