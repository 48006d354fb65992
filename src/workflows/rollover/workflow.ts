import { retryTransient } from '../engine/retry-policies.ts';
import { type MessageRequest, runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';

const NOTICE: MessageRequest = { step: 'notice-sms', channel: 'sms', kind: 'notice' };

/** The payload names everything that was carried over, so a second event within minutes is a repeat: no plan's month lasts minutes. */
const REPEAT_WINDOW = { subject: 'rollover', seconds: 30 * 60 };

/** An allowance was carried over: send a text with the amount and how long it lasts. */
export function rollover(deps: WorkflowDependencies<'rollover'>) {
  return runWorkflow('rollover', deps, async ({ start, sendMessage }, context) => {
    const opened = await context.step('open-episode', () => deps.steps.openEpisode(start, REPEAT_WINDOW), retryTransient);
    return opened.opening === 'open' ? sendMessage(NOTICE) : { outcome: 'part-of-episode', reason: opened.by };
  });
}
