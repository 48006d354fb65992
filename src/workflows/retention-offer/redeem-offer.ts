import { type DurableContext, DurableOperationError } from '@aws/durable-execution-sdk-js';
import type { RunOutcome } from '../../schemas/run/workflow.ts';
import { knownAfter } from '../../totogi/failures.ts';
import { retryTotogiRead, retryTransient, totogiWriteOnce } from '../engine/retry-policies.ts';
import type { WorkflowRun } from '../engine/run-workflow.ts';
import type { Granted, OfferSteps } from './offer-steps.ts';

const MINUTE_SECONDS = 60;

type Redeeming = Pick<WorkflowRun<'retention-offer'>, 'start' | 'settings'>;

/**
 * Has Totogi grant what was accepted. A balance carries a transaction ID, so its request is safe to repeat until Totogi answers. A plan has
 * none: it is requested once, and if the outcome is unknown, the run waits and checks whether the account has it. A second request follows
 * only if Totogi can no longer be working on the first. After a timeout or a second unknown outcome, operations decide. A redemption that
 * is started again checks first.
 */
export async function redeemOffer(context: DurableContext, offers: OfferSteps, { start, settings }: Redeeming): Promise<RunOutcome> {
  const started = await context.step('start-redemption', () => offers.startRedemption(start), retryTransient);
  if (started.state === 'redeemed') return { outcome: 'redeemed' };
  if (started.state !== 'redeeming') return { outcome: 'stuck', reason: `is-${started.state}` };

  const granted = await grantOrLeave(context, offers, { start, settings, ...started });
  if (granted.outcome === 'done') {
    await context.step('record-redeemed', () => offers.completeRedemption(start), retryTransient);
    return { outcome: 'redeemed' };
  }
  await context.step('escalate', () => offers.markStuck(start, granted.reason), retryTransient);
  return { outcome: 'stuck', reason: granted.reason };
}

type Started = Redeeming & { isRepeatable: boolean; wasStartedBefore: boolean };

/** A step that fails after a day or more of an outage marks the offer as stuck, so that operations see it. */
async function grantOrLeave(context: DurableContext, offers: OfferSteps, started: Started): Promise<Granted> {
  try {
    if (!started.isRepeatable) return await grantPlan(context, offers, started);
    return await context.step('grant-balance', () => offers.grant(started.start), retryTotogiRead);
  } catch (error) {
    if (!(error instanceof DurableOperationError)) throw error;
    return { outcome: 'rejected', reason: 'totogi-does-not-answer' };
  }
}

async function grantPlan(context: DurableContext, offers: OfferSteps, { start, settings, wasStartedBefore }: Started): Promise<Granted> {
  const before = await context.step('list-plans', () => offers.plansBefore(start), retryTotogiRead);
  if (wasStartedBefore) {
    const again = await context.step('check-plan-again', () => offers.checkPlanSince(start, before), retryTotogiRead);
    if (again === 'granted') return { outcome: 'done' };
    if (again === 'unknown') return { outcome: 'rejected', reason: 'log-too-long' };
  }
  for (const attempt of ['first', 'second']) {
    const granted = await grantOnce(context, offers, { start, name: `grant-plan-${attempt}` });
    if (granted.outcome === 'done' || granted.outcome === 'rejected') return granted;
    await context.wait(`wait-plan-check-${attempt}`, { seconds: settings.redemptionWaitMinutes * MINUTE_SECONDS });
    const found = await context.step(`check-plan-${attempt}`, () => offers.checkPlanSince(start, before), retryTotogiRead);
    if (found === 'granted') return { outcome: 'done' };
    if (found === 'unknown') return { outcome: 'rejected', reason: 'log-too-long' };
    if (granted.outcome === 'timed-out') return { outcome: 'rejected', reason: 'timed-out' };
  }
  return { outcome: 'rejected', reason: 'unknown-twice' };
}

async function grantOnce(
  context: DurableContext,
  offers: OfferSteps,
  { start, name }: { start: Redeeming['start']; name: string },
): Promise<Granted | { outcome: 'unknown' | 'timed-out' }> {
  try {
    return await context.step(name, () => offers.grant(start), totogiWriteOnce);
  } catch (error) {
    if (!(error instanceof DurableOperationError)) throw error;
    const known = knownAfter(error);
    return known === 'not-done' ? { outcome: 'rejected', reason: 'totogi-does-not-answer' } : { outcome: known };
  }
}
