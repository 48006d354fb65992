import * as z from 'zod';
import { type IdRange, idRange, type Page, type Range, takePage, type Walk } from '../platform/pages.ts';
import { expiryAfter, isExpired, type Table, walkRange } from '../platform/table.ts';
import type { Part } from '../platform/transact.ts';
import { failedActivationKey } from '../schemas/keys.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import { findOffer, type OfferReference } from './offer-records.ts';

/** Older stuck offers leave the list; their own records stay. */
const LISTED_DAYS = 366;

const Stored = z.object({ sk: z.string(), account: z.string() });

/** Part of the transaction that marks an offer as stuck. The entry stays after a retry; the offer's record has the current state. */
export function listedAsStuck(table: Table, reference: OfferReference, at: number): Part {
  const { account } = reference;
  return { Put: { TableName: table.name, Item: { ...failedActivationKey(reference), account, expiresAt: expiryAfter(at, LISTED_DAYS) } } };
}

/** Sorted by the time of the event that led to the offer. */
export function listFailedActivations(table: Table, list: Range & { tenant: string; limit: number }): Promise<Page<OfferRecord>> {
  return takePage(walkListed(table, list.tenant, idRange(list), list.limit + 1), list.limit, ({ state }) => state === 'stuck');
}

async function* walkListed(table: Table, tenant: string, range: IdRange, pageSize: number): Walk<OfferRecord> {
  const keys = {
    partition: failedActivationKey({ tenant, offerId: '' }).pk,
    from: range.low,
    to: range.high,
    descending: range.descending,
  };
  for await (const item of walkRange(table, keys, pageSize)) {
    const { sk: offerId, account } = Stored.parse(item);
    const value = offerId === range.after ? undefined : await findOffer(table, { tenant, account, offerId });
    if (value) yield { id: offerId, value, isExpired: isExpired(table, item) };
  }
  return undefined;
}
