import type { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { digest } from '../schemas/event-id.ts';
import type { OfferRecord } from '../schemas/offer-record.ts';
import { dayOf, offerCountsKey } from './keys.ts';
import { readRange, type Table } from './table.ts';

/** Over so many items the counts of one day are spread, so that no item is hot. It never shrinks: readers read them all. */
const SHARDS = 8;

const COUNTS = [
  'issued',
  'heldOut',
  'delivered_sms',
  'delivered_email',
  'opened',
  'accepted',
  'redeemed',
  'stuck',
  'expired',
  'declined',
  'superseded',
  'refusedByGate',
  'converted',
  'heldOutConverted',
] as const;
export type OfferCount = (typeof COUNTS)[number];

const StoredCounts = z.object(
  Object.fromEntries(COUNTS.map((count) => [count, z.number().default(0)])) as Record<OfferCount, z.ZodDefault<z.ZodNumber>>,
);
export type OfferCounts = Record<OfferCount, number>;

type Part = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

/**
 * Counts one issue's step, as a part of the transaction that makes it. It counts on the day (UTC) on which the offer was issued, whenever
 * the step happens, so that a day's figures are about the same issues. Conversions of the held-out count apart.
 */
export function countOf(
  table: Table,
  record: Pick<OfferRecord, 'tenant' | 'account' | 'offer' | 'issuedAt' | 'state'>,
  count: OfferCount,
): Part {
  const { tenant, account, offer, issuedAt, state } = record;
  const counted = count === 'converted' && state === 'held-out' ? 'heldOutConverted' : count;
  const shard = digest(account).readUInt8(0) % SHARDS;
  return {
    Update: {
      TableName: table.name,
      Key: offerCountsKey(tenant, offer, dayOf(Date.parse(issuedAt)), shard),
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': counted },
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
}

/** The counts of each day from `from` to `to`, both included and as `2026-05-01`, of those that have any. */
export async function listOfferCounts(
  table: Table,
  { tenant, offer, from, to }: { tenant: string; offer: string; from: string; to: string },
): Promise<{ day: string; counts: OfferCounts }[]> {
  const { pk } = offerCountsKey(tenant, offer, from, 0);
  const days = new Map<string, OfferCounts>();
  let next = `DAY#${from}#`;
  for (let more = true; more; ) {
    const page = await readRange(table, { partition: pk, from: next, to: `DAY#${to}#~`, descending: false }, 1_000);
    for (const item of page.items) {
      const day = String(item.sk).split('#')[1] ?? '';
      days.set(day, add(days.get(day), StoredCounts.parse(item)));
      next = `${String(item.sk)}\u0000`;
    }
    more = page.more;
  }
  return [...days].map(([day, counts]) => ({ day, counts }));
}

function add(sum: OfferCounts | undefined, more: OfferCounts): OfferCounts {
  if (!sum) return more;
  return Object.fromEntries(COUNTS.map((count) => [count, sum[count] + more[count]])) as OfferCounts;
}
