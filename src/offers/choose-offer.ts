import { DAY } from '../platform/duration.ts';
import type { NotificationType } from '../schemas/event/notification-type.ts';
import type { Offer } from '../schemas/offer/offer.ts';
import type { PassedOffer, PassedReason } from '../schemas/offer/offer-reasons.ts';
import type { OfferSummary } from '../schemas/offer/offer-record.ts';
import type { OfferStarter } from '../schemas/run/workflow.ts';
import { isHeldOut } from './holdout.ts';

/** What is undefined is unknown: Totogi did not return it. */
export type OfferFacts = {
  tenant: string;
  account: string;
  language: string;
  churnScore: number | undefined;
  lifecycleState: string | undefined;
  plans: string[] | undefined;
  customProperties: unknown;
  /** The offers that the account was issued or held out from, in any state. */
  history: OfferSummary[];
};

export type OfferTrigger = { workflow: OfferStarter | undefined; notification: NotificationType };

/** The best offer first. A held-out one ends the list, since a lower offer would spoil the comparison. */
export type OfferChoice = { candidates: { offer: Offer; heldOut: boolean }[]; passed: PassedOffer[] };

/**
 * Chooses the offers for this trigger and this account, by priority, then by ID. An unknown fact excludes an offer whose audience depends
 * on it.
 *
 * @param now milliseconds since the epoch.
 */
export function chooseOffer(offers: Offer[], trigger: OfferTrigger, facts: OfferFacts, now: number): OfferChoice {
  const meant = offers.filter((offer) => isTriggered(offer, trigger)).toSorted(byPriority);
  const passed: PassedOffer[] = [];
  const candidates: OfferChoice['candidates'] = [];
  for (const offer of meant) {
    const reason = outsideAudience(offer, facts) ?? excluded(offer, facts, now);
    if (reason !== undefined) passed.push({ offer: offer.id, reason });
    else candidates.push({ offer, heldOut: isHeldOut({ ...facts, offer: offer.id }, offer.holdoutPercent) });
  }
  const firstHeldOut = candidates.findIndex(({ heldOut }) => heldOut);
  return { candidates: firstHeldOut < 0 ? candidates : candidates.slice(0, firstHeldOut + 1), passed };
}

function isTriggered({ trigger: { workflows, notifications } }: Offer, { workflow, notification }: OfferTrigger): boolean {
  return workflows.some((name) => name === workflow) || notifications.some((type) => type === notification);
}

function byPriority(left: Offer, right: Offer): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  return left.id < right.id ? -1 : 1;
}

function outsideAudience({ audience }: Offer, facts: OfferFacts): PassedReason | undefined {
  const { churnScore, lifecycleStates, currentPlans, languages, attributes } = audience;
  if (churnScore && facts.churnScore === undefined) return 'churn-score-unknown';
  if (churnScore && !isWithin(facts.churnScore, churnScore)) return 'churn-score-outside';
  if (lifecycleStates && facts.lifecycleState === undefined) return 'lifecycle-state-unknown';
  if (lifecycleStates && !lifecycleStates.some((state) => state === facts.lifecycleState)) return 'lifecycle-state-outside';
  if (currentPlans && facts.plans === undefined) return 'plan-unknown';
  if (currentPlans && !currentPlans.some((plan) => facts.plans?.includes(plan))) return 'plan-outside';
  if (languages && !languages.includes(facts.language)) return 'language-outside';
  return Object.entries(attributes ?? {})
    .map(([path, wanted]) => outsideAttribute(valueAt(facts.customProperties, path), wanted))
    .find((reason) => reason !== undefined);
}

function isWithin(score: number | undefined, { from, to }: { from: number; to: number }): boolean {
  return score !== undefined && from <= score && score <= to;
}

type Scalar = string | number | boolean;

function outsideAttribute(value: unknown, wanted: Scalar | Scalar[]): PassedReason | undefined {
  if (value === undefined || value === null) return 'attribute-unknown';
  return [wanted].flat().some((one) => one === value) ? undefined : 'attribute-outside';
}

function valueAt(properties: unknown, path: string): unknown {
  let value = properties;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function excluded({ id, exclusions }: Offer, { history }: OfferFacts, now: number): PassedReason | undefined {
  if (exclusions.hadBefore && history.some(({ offer }) => offer === id)) return 'had-before';
  const since = now - exclusions.anotherWithinDays * DAY;
  const isRecent = history.some(({ offer, state, issuedAt }) => offer !== id && state !== 'held-out' && Date.parse(issuedAt) > since);
  return isRecent ? 'another-recently' : undefined;
}
