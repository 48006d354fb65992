import { DAY } from '../../platform/duration.ts';

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
export function planEndNote(source: 'totogi' | 'lead-time' | 'nobody', why: string): string {
  return source === 'totogi' ? 'plan-end-from-totogi' : `plan-end-from-${source}-totogi-${why}`;
}

const WHY: Record<string, string> = {
  'not-configured': 'the tenant has no Totogi configured',
  'names-none': "Totogi's account names no plan that ends",
  'account-not-found': 'Totogi does not know the account',
  'provider-not-active': 'the tenant is not active in Totogi',
  unreachable: 'Totogi did not answer',
};

export function describePlanEnd(note: string): string | undefined {
  if (note === 'plan-end-from-totogi') return "Totogi's account says when the plan ends.";
  const [, source, why = ''] = /^plan-end-from-(lead-time|nobody)-totogi-(.+)$/.exec(note) ?? [];
  if (source === undefined) return undefined;
  const because = WHY[why] ?? why;
  return source === 'lead-time' ? `The plan's end is by leadTimeHours: ${because}.` : `Nobody says when the plan ends: ${because}.`;
}
