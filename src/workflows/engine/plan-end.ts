import { DAY } from '../../platform/duration.ts';
import type { PlanEndNote } from '../../schemas/run/run-note.ts';

/** Times are RFC 3339. */
type Subscription = { to?: string | undefined; renewal?: string | undefined };

/** A warning comes hours or days before the end. A later end is not its subject, and no run waits longer. */
const MAX_AHEAD_MILLISECONDS = 59 * DAY;

/**
 * The end that a warning is about: the first one after it among the account's plans. Totogi does not warn of a plan that renews itself.
 *
 * @param warnedAt milliseconds since the epoch.
 * @returns milliseconds since the epoch, or undefined if no plan has such an end.
 */
export function findPlanEnd(subscriptions: Subscription[], warnedAt: number): number | undefined {
  const ends = subscriptions
    .filter(({ renewal }) => renewal === undefined)
    .map(({ to }) => Date.parse(to ?? ''))
    .filter((end) => end > warnedAt && end - warnedAt <= MAX_AHEAD_MILLISECONDS);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** The source of the plan's end, for the run's record; `why` is why it is not Totogi. */
export function planEndNote(from: PlanEndNote['from'], why: PlanEndNote['why']): PlanEndNote {
  return { note: 'plan-end', from, ...(from === 'totogi' ? {} : { why }) };
}
