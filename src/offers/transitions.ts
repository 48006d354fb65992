import { CONFLICT, retryOnConflict } from '../platform/retry-on-conflict.ts';
import type { Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { type Part, transact } from '../platform/transact.ts';
import { offerKey } from '../schemas/keys.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { UnsentNotice } from '../schemas/offer/offer-reasons.ts';
import type { OfferRecord, OfferState } from '../schemas/offer/offer-record.ts';
import { countOf, type StepCount, stepCounts } from './counts.ts';
import { listedAsStuck } from './failed-activations.ts';
import { existingOffer, type OfferReference, type OfferTransition } from './offer-records.ts';

/**
 * From `issued` to `accepted`, before the offer expires.
 *
 * @returns `already-done` when it was accepted before, whatever its state now.
 */
export function acceptOffer(
  table: Table,
  reference: OfferReference,
  { by, via, at }: { by: 'link' | 'reply'; via: Channel | undefined; at: number },
): Promise<OfferTransition> {
  return change(table, reference, {
    to: 'accepted',
    from: ['issued'],
    also: { acceptedAt: isoTime(at), acceptedBy: by, ...(via && { acceptedVia: via }) },
    notAfter: at,
    count: 'accepted',
    via,
    isDone: ({ acceptedAt }) => acceptedAt !== undefined,
  });
}

/** From `accepted` or `stuck` to `redeeming`. */
export function startRedemption(table: Table, reference: OfferReference): Promise<OfferTransition> {
  return change(table, reference, { to: 'redeeming', from: ['accepted', 'stuck'] });
}

/** From `redeeming` or `stuck` to `redeemed`. */
export function completeRedemption(table: Table, reference: OfferReference, at: number): Promise<OfferTransition> {
  const also = { redeemedAt: isoTime(at), finishedAt: isoTime(at) };
  return change(table, reference, { to: 'redeemed', from: ['redeeming', 'stuck'], also, count: 'redeemed' });
}

/** Escalates to operations. From `accepted` or `redeeming` to `stuck`. */
export function markOfferStuck(table: Table, reference: OfferReference, reason: string, at: number): Promise<OfferTransition> {
  return change(table, reference, {
    to: 'stuck',
    from: ['accepted', 'redeeming'],
    also: { reason, finishedAt: isoTime(at) },
    count: 'stuck',
    beside: [listedAsStuck(table, reference, at)],
  });
}

export type OfferEnd = Extract<OfferState, 'expired' | 'declined' | 'superseded' | 'denied-by-policy'>;

const END_COUNTS = {
  expired: 'expired',
  declined: 'declined',
  superseded: 'superseded',
  'denied-by-policy': 'deniedByPolicy',
} as const satisfies Record<OfferEnd, StepCount>;

/** From `issued`. The budget stays taken, because the subscriber saw the offer or could have. */
export function endOffer(
  table: Table,
  reference: OfferReference,
  end: OfferEnd,
  { at, notSent }: { at: number; notSent?: UnsentNotice[] },
): Promise<OfferTransition> {
  const also = { finishedAt: isoTime(at), ...(notSent && { notSent }) };
  return change(table, reference, { to: end, from: ['issued'], also, count: END_COUNTS[end] });
}

type Change = {
  to: OfferState;
  from: OfferState[];
  also?: Partial<OfferRecord>;
  /** The offer must still be valid at this time, in milliseconds since the epoch. */
  notAfter?: number;
  count?: StepCount;
  beside?: Part[];
  via?: Channel | undefined;
  isDone?: (record: OfferRecord) => boolean;
};

function change(table: Table, reference: OfferReference, wanted: Change): Promise<OfferTransition> {
  return retryOnConflict('an offer', () => tryChange(table, reference, wanted));
}

async function tryChange(table: Table, reference: OfferReference, wanted: Change): Promise<OfferTransition | typeof CONFLICT> {
  const { to, from, also = {}, notAfter, count, via, beside = [], isDone } = wanted;
  const before = await existingOffer(table, reference);
  if (isDone?.(before) ?? before.state === to) return { outcome: 'already-done', record: before };
  const isLate = notAfter !== undefined && Date.parse(before.validUntil) <= notAfter;
  if (!from.includes(before.state) || isLate) return { outcome: 'conflict', record: before };
  const sets = Object.keys(also).map((field) => `, ${field} = :${field}`);
  const update: Part = {
    Update: {
      TableName: table.name,
      Key: offerKey(reference),
      UpdateExpression: `SET #state = :to${sets.join('')}`,
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':to': to,
        ':from': before.state,
        ...Object.fromEntries(Object.entries(also).map(([field, value]) => [`:${field}`, value])),
      },
    },
  };
  const failed = await transact(table, [
    update,
    ...(count === undefined ? [] : [countOf(table, before, stepCounts(count, via ?? before.acceptedVia))]),
    ...beside,
  ]);
  return failed === undefined ? { outcome: 'done', record: { ...before, ...also, state: to } } : CONFLICT;
}
