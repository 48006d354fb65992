import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { Offer } from '../schemas/offer/offer.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';

/**
 * Whether an event reaches an offer's goal: the goal's type in its documented state, the goal's plan if it has one, after the issue and
 * within the window. The same rule applies to held-out accounts.
 */
export function findGoal(
  { issuedAt, attributedUntil }: Pick<OfferRecord, 'issuedAt' | 'attributedUntil'>,
  { attribution: { goal } }: Offer,
): (event: RecordedEvent) => boolean {
  return ({ notification }) => {
    const { type, occurredAt, fields } = notification;
    const isInTime = issuedAt <= occurredAt && occurredAt < attributedUntil;
    return type === goal.type && isInTime && (goal.plan === undefined || planOf(fields) === goal.plan);
  };
}

function planOf(fields: Record<string, unknown>): string | undefined {
  const plan = fields.planid;
  return typeof plan === 'string' || typeof plan === 'number' ? String(plan) : undefined;
}
