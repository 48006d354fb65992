import { retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { startOffer } from '../engine/start-offer.ts';
import { winBack } from './definition.ts';

const { notice } = winBack.messages;

/**
 * Totogi often reports an ended plan twice, as expired and as cancelled. The shortest plans last an hour: each of their ends is its own
 * episode.
 */
const REPEAT_WINDOW = { subject: 'ended', seconds: 30 * 60 };

/** A plan has ended: send a service text. An offer to come back is a separate message; without an offer, the run ends here. */
export function createWinBackWorkflow(deps: WorkflowDependencies<'win-back'>) {
  return runWorkflow(winBack, deps, async (run, context) => {
    const opened = await context.step('open-episode', () => deps.steps.openEpisode(run.start, REPEAT_WINDOW), retryTransient);
    if (opened.opening !== 'open') return { outcome: 'part-of-episode', event: opened.by };
    const sent = await run.sendMessage(notice);
    await startOffer(run, context, deps.steps);
    return { outcome: run.startsOffer ? 'offer-started' : 'no-offer-configured', reason: sent.reason ?? sent.outcome };
  });
}
