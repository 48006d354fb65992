import { retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, together, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { welcome } from './definition.ts';

const { notice, mail } = welcome.messages;

/** Each plan has its own welcome. The same plan counts as bought again only after this time. */
const REPEAT_WINDOW = { subject: 'welcome', seconds: 10 * 60 };

/** A new plan is active: send a text and an email. */
export function createWelcomeWorkflow(deps: WorkflowDependencies<'welcome'>) {
  return runWorkflow(welcome, deps, async ({ start, sendMessage }, context) => {
    const opened = await context.step('open-episode', () => deps.steps.openEpisode(start, REPEAT_WINDOW), retryTransient);
    if (opened.opening !== 'open') return { outcome: 'part-of-episode', event: opened.by };
    return together([await sendMessage(notice), await sendMessage(mail)]);
  });
}
