import { DAY, HOUR } from '../platform/duration.ts';
import { expiryAfter, type Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { type Part, transact } from '../platform/transact.ts';
import { budgetKey, dayOf, offerKey } from '../schemas/keys.ts';
import type { Offer } from '../schemas/offer/offer.ts';
import type { PassedReason } from '../schemas/offer/offer-reasons.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import { countOf } from './counts.ts';
import { findOffer, type OfferReference } from './offer-records.ts';

/**
 * Issues an offer, or records that the account is held out from it. From none to `issued` or `held-out`.
 *
 * The record, its share of the budget (none for held-out accounts) and the counts are one transaction. So concurrent requests never exceed
 * the budget, and a repeat takes nothing.
 *
 * @param choice `keptDays` is the tenant's retention; without it the record never expires.
 * @param at milliseconds since the epoch.
 * @returns `already-done` with the stored record, of whichever offer; `conflict` when the budget is exhausted.
 * @throws Contended when too many requests change the same budget; retry later.
 */
export async function issueOffer(
  table: Table,
  reference: OfferReference & { configuration: string },
  { offer, heldOut, keptDays }: { offer: Offer; heldOut: boolean; keptDays?: number | undefined },
  at: number,
): Promise<{ outcome: 'done' | 'already-done'; record: OfferRecord } | { outcome: 'conflict'; reason: PassedReason }> {
  const expiresAt = expiryAfter(at, keptDays);
  const record: OfferRecord = {
    ...reference,
    offer: offer.id,
    state: heldOut ? 'held-out' : 'issued',
    issuedAt: isoTime(at),
    validUntil: isoTime(at + offer.validHours * HOUR),
    attributedUntil: isoTime(at + offer.attribution.windowDays * DAY),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  const create: Part = {
    Put: { TableName: table.name, Item: { ...offerKey(reference), ...record }, ConditionExpression: 'attribute_not_exists(pk)' },
  };
  const budgets = heldOut ? [] : budgetParts(table, record, offer);
  const failed = await transact(table, [
    create,
    ...budgets.map(({ part }) => part),
    countOf(table, record, { [heldOut ? 'heldOut' : 'issued']: 1 }),
  ]);
  if (failed === undefined) return { outcome: 'done', record };
  const stored = await findOffer(table, reference);
  if (stored) return { outcome: 'already-done', record: stored };
  const spent = budgets.find((_, index) => failed[index + 1]);
  if (!spent) throw new Error(`Offer ${reference.offerId} was neither issued nor found.`);
  return { outcome: 'conflict', reason: spent.reason };
}

function budgetParts(table: Table, { tenant, offer: id, issuedAt }: OfferRecord, { budget }: Offer) {
  const caps = [
    { cap: budget.total, period: 'TOTAL', reason: 'budget-exhausted' as const },
    { cap: budget.perDay, period: dayOf(Date.parse(issuedAt)), reason: 'daily-budget-exhausted' as const },
  ];
  return caps.flatMap(({ cap, period, reason }) => {
    if (cap === undefined) return [];
    const part: Part = {
      Update: {
        TableName: table.name,
        Key: budgetKey(tenant, id, period),
        UpdateExpression: 'ADD taken :one',
        ConditionExpression: 'attribute_not_exists(taken) OR taken < :cap',
        ExpressionAttributeValues: { ':one': 1, ':cap': cap },
      },
    };
    return [{ part, reason }];
  });
}
