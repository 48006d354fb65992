import * as z from 'zod';
import { digest } from '../platform/hash.ts';
import { readRange, type Table, walkRange } from '../platform/table.ts';
import type { Part } from '../platform/transact.ts';
import { dayOf, offerCountsKey, offerPartition } from '../schemas/keys.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { Figures } from '../schemas/offer/offer-performance.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';

/** The counts of a day are spread over this many items, so that none is hot. Never lower it: readers read them all. */
const SHARDS = 8;
/** More than a month of items, so that the usual query needs one page. */
const PAGE_SIZE = 400;

const COUNTS = [
  'issued',
  'heldOut',
  /** Accepted messages, reminders and confirmations included, and the parts of texts. */
  'sent_sms',
  'sent_email',
  'parts_sms',
  'delivered_sms',
  'delivered_email',
  'opened',
  'opened_sms',
  'opened_email',
  'accepted',
  'accepted_sms',
  'accepted_email',
  'redeemed',
  'redeemed_sms',
  'redeemed_email',
  'stuck',
  'expired',
  'declined',
  'superseded',
  'deniedByPolicy',
  'converted',
  'converted_sms',
  'converted_email',
  'heldOutConverted',
] as const;
export type OfferCount = (typeof COUNTS)[number];

export type StepCount = Extract<
  OfferCount,
  'opened' | 'accepted' | 'redeemed' | 'converted' | 'stuck' | 'expired' | 'declined' | 'superseded' | 'deniedByPolicy'
>;

const StoredCounts = z.object(
  Object.fromEntries(COUNTS.map((count) => [count, z.number().default(0)])) as Record<OfferCount, z.ZodDefault<z.ZodNumber>>,
);
type OfferCounts = Record<OfferCount, number>;

/**
 * Part of the transaction that makes the step. It counts on the day (UTC) the offer was issued, so that all figures of a day are about the
 * same offers. Conversions of held-out accounts count separately.
 */
export function countOf(
  table: Table,
  record: Pick<OfferRecord, 'tenant' | 'account' | 'offer' | 'issuedAt' | 'state'>,
  added: Partial<Record<OfferCount, number>>,
): Part {
  const { tenant, account, offer, issuedAt, state } = record;
  const isOfHeldOut = (count: string) => count === 'converted' && state === 'held-out';
  const counts = Object.entries(added).map(([count, by]) => ({ name: isOfHeldOut(count) ? 'heldOutConverted' : count, by }));
  const shard = digest(account).readUInt8(0) % SHARDS;
  return {
    Update: {
      TableName: table.name,
      Key: offerCountsKey(tenant, offer, dayOf(Date.parse(issuedAt)), shard),
      UpdateExpression: `ADD ${counts.map((_, index) => `#count${index} :by${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(counts.map(({ name }, index) => [`#count${index}`, name])),
      ExpressionAttributeValues: Object.fromEntries(counts.map(({ by }, index) => [`:by${index}`, by])),
    },
  };
}

export function stepCounts(count: StepCount, via: Channel | undefined): Partial<Record<OfferCount, number>> {
  const isByChannel = count === 'opened' || count === 'accepted' || count === 'redeemed' || count === 'converted';
  return via && isByChannel ? { [count]: 1, [`${count}_${via}`]: 1 } : { [count]: 1 };
}

/** From the day that contains `from` to the day before `to` (UTC), in milliseconds since the epoch. */
export type DayRange = { tenant: string; offer: string; from: number; to: number };

/** Days with counts only, earliest first. */
export async function listDayFigures(table: Table, { tenant, offer, from, to }: DayRange): Promise<{ day: string; figures: Figures }[]> {
  const range = { partition: offerPartition(tenant, offer), from: `DAY#${dayOf(from)}#`, to: `DAY#${dayOf(to - 1)}#~`, descending: false };
  const days = new Map<string, OfferCounts>();
  for await (const item of walkRange(table, range, PAGE_SIZE)) {
    const day = String(item.sk).split('#')[1] ?? '';
    days.set(day, add(days.get(day), StoredCounts.parse(item)));
  }
  return [...days].map(([day, counts]) => ({ day, figures: figuresOf(counts) }));
}

/** True also when accounts were only held out. */
export async function hasCounts(table: Table, tenant: string, offer: string): Promise<boolean> {
  const range = { partition: offerPartition(tenant, offer), from: 'DAY#', to: 'DAY#~', descending: false };
  return (await readRange(table, range, 1)).items.length > 0;
}

function add(sum: OfferCounts | undefined, more: OfferCounts): OfferCounts {
  if (!sum) return more;
  return Object.fromEntries(COUNTS.map((count) => [count, sum[count] + more[count]])) as OfferCounts;
}

function figuresOf(counts: OfferCounts): Figures {
  const { sent_sms, parts_sms, sent_email, ...others } = counts;
  const inAll = Object.entries(others).filter(([name]) => !/_(sms|email)$/.test(name));
  return {
    ...(Object.fromEntries(inAll) as Omit<Figures, 'sms' | 'email'>),
    sms: { sent: sent_sms, parts: parts_sms, ...channelFigures(counts, 'sms') },
    email: { sent: sent_email, ...channelFigures(counts, 'email') },
  };
}

function channelFigures(counts: OfferCounts, channel: Channel): Omit<Figures['email'], 'sent'> {
  return {
    delivered: counts[`delivered_${channel}`],
    opened: counts[`opened_${channel}`],
    accepted: counts[`accepted_${channel}`],
    redeemed: counts[`redeemed_${channel}`],
    converted: counts[`converted_${channel}`],
  };
}
