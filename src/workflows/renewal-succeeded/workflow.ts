import { retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { renewalSucceeded } from './definition.ts';

/** Charging reports one renewal again within seconds. The shortest plans renew by the hour, so the window must stay well below that. */
const EPISODE_SECONDS = 10 * 60;

/** A plan renewed: send a text. If the renewal had failed before, the text is a confirmation that closes that episode. */
export function createRenewalSucceededWorkflow(deps: WorkflowDependencies<'renewal-succeeded'>) {
  const { steps } = deps;
  return runWorkflow(renewalSucceeded, deps, async ({ start, sendMessage }, context) => {
    const failed = { workflow: 'renewal-failed', subject: 'renewal' } as const;
    const hadFailed = await context.step('close-failure-episode', () => steps.closeEpisode(start, failed), retryTransient);
    const kind = hadFailed ? 'confirmation' : 'notice';
    // A renewal that ends a failure is news even minutes after another one.
    const episode = { subject: kind, seconds: EPISODE_SECONDS };
    const opened = await context.step('open-episode', () => steps.openEpisode(start, episode), retryTransient);
    if (opened.opening !== 'open') return { outcome: 'part-of-episode', event: opened.by };
    return sendMessage(renewalSucceeded.messages[kind]);
  });
}
