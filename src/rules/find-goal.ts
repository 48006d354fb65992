import type { Offer } from '../schemas/offer.ts';
import type { OfferRecord } from '../schemas/offer-record.ts';
import type { RecordedEvent } from '../schemas/recorded-event.ts';

/**
 * Whether an event is what an offer was made for: of the goal's type and in its documented state, with the goal's plan where that names
 * one, after the issue and within its window. The same holds for those held out.
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

/** NewPlanActivated names its plan; a number is an id too. */
function planOf(fields: Record<string, unknown>): string | undefined {
  const plan = fields.planid;
  return typeof plan === 'string' || typeof plan === 'number' ? String(plan) : undefined;
}
