import type { Configurations } from '../../configuration/configurations.ts';
import { FIRST, findFirstEvent, listAccountEvents } from '../../ingest/event-lists.ts';
import { findEvent } from '../../ingest/event-records.ts';
import { findLanguage } from '../../messaging/contact.ts';
import { isMarketingPaused } from '../../messaging/marketing-pauses.ts';
import type { CompleteCallback } from '../../offers/callbacks.ts';
import { chooseOffer, type OfferFacts } from '../../offers/choose-offer.ts';
import { findGoal } from '../../offers/find-goal.ts';
import { issueOffer } from '../../offers/issue-offer.ts';
import { awaitAnswer, recordConversion } from '../../offers/milestones.ts';
import { findOffer, listOffersOfAccount } from '../../offers/offer-records.ts';
import { recordPlansBefore } from '../../offers/retries.ts';
import { completeRedemption, endOffer, markOfferStuck, type OfferEnd, startRedemption } from '../../offers/transitions.ts';
import { HOUR } from '../../platform/duration.ts';
import type { Table } from '../../platform/table.ts';
import { isoTime, secondsBetween, timeOf } from '../../platform/time.ts';
import { ulidTime } from '../../platform/ulid.ts';
import { findProfile } from '../../profiles/profile-records.ts';
import type { PublishedConfiguration } from '../../schemas/configuration/published-configuration.ts';
import { decisionInForce, type RecordedEvent } from '../../schemas/event/recorded-event.ts';
import type { Channel } from '../../schemas/message/channel.ts';
import type { Offer } from '../../schemas/offer/offer.ts';
import type { PassedOffer, UnsentNotice } from '../../schemas/offer/offer-reasons.ts';
import type { OfferRecord, OfferState } from '../../schemas/offer/offer-record.ts';
import { OFFER_STARTERS } from '../../schemas/run/workflow.ts';
import type { WorkflowStart } from '../../schemas/run/workflow-start.ts';
import type { Totogi } from '../../totogi/client.ts';
import { checkNewPlan, type Granted, grantOffer, isRepeatable, type PlanCheck, planIdsOf } from '../../totogi/grant-offer.ts';
import { recordFinding } from '../engine/run-records.ts';

export type { Granted } from '../../totogi/grant-offer.ts';

/** `none` has the reason, or the offers that were considered. `held-out` goes to no one: it is the comparison group. */
export type OfferChoice =
  | { state: 'none'; reason: string }
  | { state: 'none'; offers: PassedOffer[] }
  | { state: 'held-out' }
  | { state: 'issued'; channels: Channel[]; reminds: boolean }
  /** Only a run that is started again finds these two. */
  | { state: 'accepted' }
  | { state: 'finished'; as: OfferEnd | 'stuck'; reason?: string; notSent?: UnsentNotice[] };

export type OfferDeadline = 'reminder' | 'end' | 'goal';

/** `unknown`: more events follow the offer than are read. The run's record says so. */
export type Conversion = 'reached' | 'not-reached' | 'unknown';

/** Each is a step of its own, and no result contains personal data. */
export type OfferSteps = {
  /** Issues an offer once: a repeat finds the one that was issued, and a stale run issues none. */
  chooseOffer(start: WorkflowStart, run: { configuration: string; isStale: boolean }): Promise<OfferChoice>;
  isOpen(start: WorkflowStart): Promise<boolean>;
  stateOf(start: WorkflowStart): Promise<OfferState>;
  secondsUntil(start: WorkflowStart, kind: OfferDeadline): Promise<number>;
  /** Stores the callback that an answer completes, then returns the offer's state: the answer may have come before. */
  awaitAnswer(start: WorkflowStart, callbackId: string): Promise<OfferState>;
  /** Ends an offer that was not accepted, and returns its state: it may have been accepted at the last moment. */
  end(start: WorkflowStart, end: OfferEnd, notSent?: UnsentNotice[]): Promise<OfferState>;
  startRedemption(start: WorkflowStart): Promise<{ state: OfferState; isRepeatable: boolean; wasStartedBefore: boolean }>;
  grant(start: WorkflowStart): Promise<Granted>;
  /** The account's subscriptions to the offered plan before the first request for it. */
  plansBefore(start: WorkflowStart): Promise<string[]>;
  checkPlanSince(start: WorkflowStart, before: string[]): Promise<PlanCheck>;
  completeRedemption(start: WorkflowStart): Promise<void>;
  markStuck(start: WorkflowStart, reason: string): Promise<void>;
  /** Credits the offer with the event that reached its goal. Returns false if there is none. */
  credit(start: WorkflowStart): Promise<Conversion>;
};

export type OfferStepsDependencies = {
  table: Table;
  configurations: Configurations;
  totogi: Totogi;
  completeCallback: CompleteCallback;
  /** Milliseconds since the epoch. */
  now: () => number;
};

/** An offer's ID is the ID of the event that led to it. */
export function createOfferSteps(deps: OfferStepsDependencies): OfferSteps {
  const { table, now } = deps;
  const stateOf = async (start: WorkflowStart) => (await loadOffer(deps, start)).record.state;
  return {
    chooseOffer: (start, run) => chooseAndIssue(deps, start, run),
    async isOpen(start) {
      const { record } = await loadOffer(deps, start);
      return record.state === 'issued' && now() < timeOf(record.validUntil);
    },
    stateOf,
    async secondsUntil(start, kind) {
      const { record, offer } = await loadOffer(deps, start);
      return secondsBetween(now(), deadlineOf(record, offer, kind));
    },
    async awaitAnswer(start, callbackId) {
      await awaitAnswer(table, referenceOf(start), callbackId);
      return stateOf(start);
    },
    async end(start, end, notSent) {
      const { record } = await endOffer(table, referenceOf(start), end, { at: now(), ...(notSent && { notSent }) });
      return record.state;
    },
    async startRedemption(start) {
      const { record } = await startRedemption(table, referenceOf(start));
      const { offer } = await loadOffer(deps, start);
      return { state: record.state, isRepeatable: isRepeatable(offer), wasStartedBefore: record.plansBefore !== undefined };
    },
    async grant(start) {
      const { record, offer, published } = await loadOffer(deps, start);
      return grantOffer(deps.totogi.forTenant(published.configuration), offer, record);
    },
    async plansBefore(start) {
      const { record, offer, published } = await loadOffer(deps, start);
      return (
        record.plansBefore ??
        recordPlansBefore(table, record, await planIdsOf(deps.totogi.forTenant(published.configuration), offer, record))
      );
    },
    async checkPlanSince(start, before) {
      const { record, offer, published } = await loadOffer(deps, start);
      return checkNewPlan(deps.totogi.forTenant(published.configuration), offer, { record, before });
    },
    async completeRedemption(start) {
      await completeRedemption(table, referenceOf(start), now());
    },
    async markStuck(start, reason) {
      await markOfferStuck(table, referenceOf(start), reason, now());
    },
    credit: (start) => credit(deps, start),
  };
}

function referenceOf({ tenant, account, eventId }: WorkflowStart) {
  return { tenant, account, offerId: eventId };
}

function deadlineOf(record: OfferRecord, offer: Offer, kind: OfferDeadline): number {
  const end = timeOf(record.validUntil);
  if (kind === 'goal') return timeOf(record.attributedUntil);
  return kind === 'end' ? end : end - (offer.reminderHoursBefore ?? 0) * HOUR;
}

type LoadedOffer = { record: OfferRecord; offer: Offer; published: PublishedConfiguration };

async function loadOffer({ table, configurations }: OfferStepsDependencies, start: WorkflowStart): Promise<LoadedOffer> {
  const record = await findOffer(table, referenceOf(start));
  if (!record) throw new Error(`No offer found for event ${start.eventId}.`);
  const published = await configurations.version(start.tenant, record.configuration);
  const offer = published.offers.find(({ id }) => id === record.offer);
  if (!offer) throw new Error(`Offer ${record.offer} is not in version ${record.configuration} of its tenant's configuration.`);
  return { record, offer, published };
}

async function chooseAndIssue(
  deps: OfferStepsDependencies,
  start: WorkflowStart,
  { configuration, isStale }: { configuration: string; isStale: boolean },
): Promise<OfferChoice> {
  const { table, configurations, now } = deps;
  const stored = await findOffer(table, referenceOf(start));
  const published = await configurations.version(start.tenant, configuration);
  if (stored) return choiceOf(stored, published);
  if (isStale) return { state: 'none', reason: 'stale' };
  // An offer that no message may announce would still take its share of the budget.
  if (await isMarketingPaused(table, start.tenant)) return { state: 'none', reason: 'marketing-paused' };
  const event = await findEvent(table, start.tenant, start.account, start.eventId);
  if (!event) throw new Error(`Event ${start.eventId} not found.`);
  const facts = await gatherFacts(deps, event, published);
  const { start: started } = decisionInForce(event);
  const workflow = OFFER_STARTERS.find((name) => started.includes(name));
  const { candidates, passed } = chooseOffer(published.offers, { workflow, notification: event.notification.type }, facts, now());
  for (const candidate of candidates) {
    const choice = { ...candidate, keptDays: published.configuration.retention.offersDays };
    const result = await issueOffer(table, { ...referenceOf(start), configuration }, choice, now());
    if (result.outcome === 'conflict') passed.push({ offer: candidate.offer.id, reason: result.reason });
    else {
      if (result.record.state === 'issued') await supersedeOthers(deps, result.record);
      return choiceOf(result.record, published);
    }
  }
  return passed.length === 0 ? { state: 'none', reason: 'none-for-this-event' } : { state: 'none', offers: passed };
}

function choiceOf({ state, offer: id, reason, notSent }: OfferRecord, { offers }: PublishedConfiguration): OfferChoice {
  if (state === 'held-out') return { state };
  if (state === 'accepted' || state === 'redeeming' || state === 'redeemed') return { state: 'accepted' };
  if (state !== 'issued') return { state: 'finished', as: state, ...(reason !== undefined && { reason }), ...(notSent && { notSent }) };
  const offer = offers.find((one) => one.id === id);
  return { state: 'issued', channels: offer?.channels ?? [], reminds: offer?.reminderHoursBefore !== undefined };
}

/** The step retries while Totogi does not answer. A tenant without Totogi has no facts from there. */
async function gatherFacts(
  { table, totogi }: OfferStepsDependencies,
  event: RecordedEvent,
  published: PublishedConfiguration,
): Promise<OfferFacts> {
  const { tenant, account } = event.notification;
  const [profile, history, asked] = await Promise.all([
    findProfile(table, tenant, account),
    listOffersOfAccount(table, tenant, account),
    totogi.forTenant(published.configuration)?.getAccount(account),
  ]);
  const known = asked?.outcome === 'done' ? asked.account : undefined;
  return {
    tenant,
    account,
    language: findLanguage(event.notification, profile) ?? published.configuration.language,
    churnScore: known?.churnScore,
    lifecycleState: known?.accountLifecycle?.state,
    plans: known?.activePlanVersions.map(({ planVersion }) => planVersion.plan.id),
    customProperties: known?.customProperties,
    history,
  };
}

/** An account has one open offer at a time. The runs of earlier ones are called back. */
async function supersedeOthers(
  { table, completeCallback, now }: OfferStepsDependencies,
  { tenant, account, offerId }: OfferRecord,
): Promise<void> {
  const others = await listOffersOfAccount(table, tenant, account);
  for (const other of others.filter((one) => one.offerId !== offerId && one.state === 'issued')) {
    const { outcome } = await endOffer(table, other, 'superseded', { at: now() });
    if (outcome === 'done' && other.callbackId !== undefined) await completeCallback(other.callbackId);
  }
}

async function credit(deps: OfferStepsDependencies, start: WorkflowStart): Promise<Conversion> {
  const { table, now } = deps;
  const { record, offer } = await loadOffer(deps, start);
  const accepts = findGoal(record, offer);
  const window = { from: ulidTime(start.eventId), to: timeOf(record.attributedUntil) };
  const { first, isComplete } = await findFirstEvent((after) =>
    listAccountEvents(table, { ...start, ...window, ...FIRST, accepts, after }),
  );
  if (first) {
    await recordConversion(table, referenceOf(start), first.id, now());
    return 'reached';
  }
  if (isComplete) return 'not-reached';
  await recordFinding(table, { ...start, workflow: 'retention-offer' }, { note: 'conversion-unknown', at: isoTime(now()) });
  return 'unknown';
}
