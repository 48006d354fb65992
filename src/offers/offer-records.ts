import { isExpired, type Key, readItem, type Table, walkRange } from '../platform/table.ts';
import { accountPartition, offerKey } from '../schemas/keys.ts';
import { OfferRecord } from '../schemas/offer/offer-record.ts';

/** An account has few offers: marketing is capped, and an open offer blocks others. */
const USUAL_OFFERS_OF_ACCOUNT = 25;

export type OfferReference = { tenant: string; account: string; offerId: string };

/** `conflict`: the offer is in a state that the change does not start from. */
export type OfferTransition = { outcome: 'done' | 'already-done' | 'conflict'; record: OfferRecord };

export async function findOffer(table: Table, reference: OfferReference): Promise<OfferRecord | undefined> {
  const item = await readItem(table, offerKey(reference));
  return item && OfferRecord.parse(item);
}

export async function findOfferByKey(table: Table, key: Key): Promise<OfferRecord | undefined> {
  const item = await readItem(table, key);
  return item && OfferRecord.parse(item);
}

/** Newest first: an offer's id is its event's, and those sort by time. */
export async function listOffersOfAccount(table: Table, tenant: string, account: string): Promise<OfferRecord[]> {
  const range = { partition: accountPartition(tenant, account), from: 'OFFER#', to: 'OFFER#~', descending: true };
  const records: OfferRecord[] = [];
  for await (const item of walkRange(table, range, USUAL_OFFERS_OF_ACCOUNT))
    if (!isExpired(table, item)) records.push(OfferRecord.parse(item));
  return records;
}

export async function findOpenOffer(table: Table, tenant: string, account: string, now: number): Promise<OfferRecord | undefined> {
  const offers = await listOffersOfAccount(table, tenant, account);
  return offers.find(({ state, validUntil }) => state === 'issued' && now < Date.parse(validUntil));
}

export async function existingOffer(table: Table, reference: OfferReference): Promise<OfferRecord> {
  const record = await findOffer(table, reference);
  if (!record) throw new Error(`Offer ${reference.offerId} not found.`);
  return record;
}
