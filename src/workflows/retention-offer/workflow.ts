import { type DurableContext, DurableOperationError } from '@aws/durable-execution-sdk-js';
import type { Channel } from '../../schemas/message/channel.ts';
import type { RunOutcome } from '../../schemas/run/workflow.ts';
import { retryTotogiRead, retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, type WorkflowDependencies, type WorkflowRun } from '../engine/run-workflow.ts';
import { retentionOffer } from './definition.ts';
import type { OfferChoice, OfferDeadline, OfferSteps } from './offer-steps.ts';
import { redeemOffer } from './redeem-offer.ts';

export type OfferDependencies = WorkflowDependencies<'retention-offer'> & { offers: OfferSteps };
type OfferRun = WorkflowRun<'retention-offer'>;

/**
 * A subscriber may leave: send them the offer that fits, if one does. They accept it by link or by text, once. Totogi grants it, and a
 * message confirms it. When its window ends, the offer is credited with a goal that was reached since; so is a held-out one.
 */
export function createRetentionOfferWorkflow(deps: OfferDependencies) {
  const { offers } = deps;
  return runWorkflow(retentionOffer, deps, async (run, context) => {
    const { start } = run;
    const issued = await context.step('choose-offer', () => offers.chooseOffer(start, run), retryTotogiRead);
    if (issued.state === 'none' && run.isStale) return { outcome: 'stale' };
    if (issued.state === 'none') {
      const { state: _, ...why } = issued;
      return { outcome: 'no-offer-fits', ...why };
    }

    const outcome = await followOffer(deps, run, context, issued);
    // An offer that was never announced cannot have an effect.
    if (outcome.outcome === 'denied-by-policy') return outcome;
    await waitUntil(deps, run, context, 'goal');
    await context.step('credit-offer', () => offers.credit(start), retryTransient);
    return outcome;
  });
}

/** A run that is started again, after a failure or by operations, continues from the stored state of its offer. */
async function followOffer(
  deps: OfferDependencies,
  run: OfferRun,
  context: DurableContext,
  issued: Exclude<OfferChoice, { state: 'none' }>,
): Promise<RunOutcome> {
  switch (issued.state) {
    case 'held-out':
      return { outcome: 'held-out' };
    case 'finished': {
      const { state: _, as: outcome, ...why } = issued;
      return { outcome, ...why };
    }
    case 'accepted':
      return redeem(deps, run, context);
    case 'issued':
      return offer(deps, run, context, issued);
  }
}

type OfferToSend = { channels: Channel[]; reminds: boolean };

async function offer(
  deps: OfferDependencies,
  run: OfferRun,
  context: DurableContext,
  { channels, reminds }: OfferToSend,
): Promise<RunOutcome> {
  const { offers } = deps;
  const { start } = run;
  const results = await sendOnEach(deps, run, channels, 'notice');
  // A notice that the earlier run claimed counts as sent.
  if (results.every(({ outcome, reason }) => outcome === 'not-sent' && reason !== 'claimed-by-another-run')) {
    const notSent = results.map(({ channel, reason = 'not-sent' }) => ({ channel, reason }));
    await context.step('end-undeliverable-offer', () => offers.end(start, 'denied-by-policy', notSent), retryTransient);
    return { outcome: 'denied-by-policy', notSent };
  }

  let state = await awaitAnswer(deps, run, context, reminds ? 'reminder' : 'end');
  if (state === 'issued' && reminds) {
    await sendOnEach(deps, run, channels, 'reminder');
    state = await awaitAnswer(deps, run, context, 'end');
  }
  if (state === 'issued') state = await context.step('expire-offer', () => offers.end(start, 'expired'), retryTransient);
  if (state !== 'accepted') return { outcome: state === 'declined' || state === 'superseded' ? state : 'expired' };

  return redeem(deps, run, context);
}

async function redeem({ offers }: OfferDependencies, run: OfferRun, context: DurableContext): Promise<RunOutcome> {
  const redeemed = await redeemOffer(context, offers, run);
  // This message is about the account, not an offer.
  if (redeemed.outcome === 'redeemed')
    await run.sendMessage({ step: 'confirmation-sms', channel: 'sms', kind: 'confirmation', template: 'offer-redeemed' });
  return redeemed;
}

/**
 * Waits for the answer until a deadline. The stored state also covers an answer that came before the callback was registered or as time ran
 * out.
 */
async function awaitAnswer({ offers }: OfferDependencies, { start }: OfferRun, context: DurableContext, until: OfferDeadline) {
  const seconds = await context.step(`time-until-${until}`, () => offers.secondsUntil(start, until), retryTransient);
  const [answered, callbackId] = await context.createCallback(`answer-before-${until}`, {
    timeout: { seconds: seconds > 0 ? seconds : 1 },
  });
  const before = await context.step(`register-callback-before-${until}`, () => offers.awaitAnswer(start, callbackId), retryTransient);
  if (before !== 'issued') return before;
  await answered.catch(unlessTimedOut);
  return context.step(`read-answer-before-${until}`, () => offers.stateOf(start), retryTransient);
}

/** A timeout is the usual end of this wait: the stored state has the outcome. */
function unlessTimedOut(error: unknown): void {
  if (!(error instanceof DurableOperationError)) throw error;
}

async function sendOnEach(
  { offers }: OfferDependencies,
  run: OfferRun,
  channels: Channel[],
  kind: 'notice' | 'reminder',
): Promise<(RunOutcome & { channel: Channel })[]> {
  const results: (RunOutcome & { channel: Channel })[] = [];
  for (const channel of channels)
    results.push({ channel, ...(await run.sendMessage({ step: `${kind}-${channel}`, channel, kind }, () => offers.isOpen(run.start))) });
  return results;
}

async function waitUntil({ offers }: OfferDependencies, { start }: OfferRun, context: DurableContext, kind: OfferDeadline): Promise<void> {
  const seconds = await context.step(`time-until-${kind}`, () => offers.secondsUntil(start, kind), retryTransient);
  if (seconds > 0) await context.wait(`wait-for-${kind}`, { seconds });
}
