import { retryTransient } from './retry-policies.ts';
import { type MessageRequest, runWorkflow, type WorkflowDependencies } from './run-workflow.ts';
import { startOffer } from './start-offer.ts';

const NOTICE: MessageRequest = { step: 'notice-sms', channel: 'sms', kind: 'notice' };

/** A plan that ends is often reported twice, as expired and as cancelled. The shortest plans sold last an hour: each end of one is its own episode. */
const REPEAT_WINDOW = { subject: 'ended', seconds: 30 * 60 };

/** A plan has ended: say so, as a service. An offer to come back is a message of its own; where the tenant has none, the run ends there. */
export function winBack(deps: WorkflowDependencies<'win-back'>) {
  return runWorkflow('win-back', deps, async (run, context) => {
    const opened = await context.step('open-episode', () => deps.steps.openEpisode(run.start, REPEAT_WINDOW), retryTransient);
    if (opened.opening !== 'open') return { outcome: 'part-of-episode', reason: opened.by };
    const notice = await run.sendMessage(NOTICE);
    await startOffer(run, context, deps.steps);
    return { outcome: run.startsOffer ? 'offer-started' : 'no-offer-configured', reason: notice.reason ?? notice.outcome };
  });
}
