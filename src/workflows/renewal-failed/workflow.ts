import { DAY } from '../../platform/duration.ts';
import type { NotificationType } from '../../schemas/event/notification-type.ts';
import { retryTransient } from '../engine/retry-policies.ts';
import { type MessageRequest, runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { renewalFailed } from './definition.ts';

const { notice, mail, reminder } = renewalFailed.messages;
const numbered = (number: number): MessageRequest => ({ ...reminder, step: `reminder-${number}-sms` });

const DAY_SECONDS = DAY / 1_000;
const CLOSING_EVENTS: NotificationType[] = ['AutoRenewSuccess', 'NewPlanActivated', 'PlanCancelled', 'PlanExpired'];

/**
 * A renewal failed: send a text and an email, and remind on the days that the tenant set. Totogi retries with each charging request until
 * the grace period ends, and reports each failure: the first one opens the episode, and later ones are part of it. When the renewal
 * succeeds, the workflow renewal-succeeded confirms it at once and closes this episode.
 */
export function createRenewalFailedWorkflow(deps: WorkflowDependencies<'renewal-failed'>) {
  const { steps } = deps;
  return runWorkflow(renewalFailed, deps, async ({ start, settings, sendMessage, waitUntil }, context) => {
    const episode = { subject: 'renewal', seconds: settings.graceDays * DAY_SECONDS, closedByTypes: CLOSING_EVENTS };
    const opened = await context.step('open-episode', () => steps.openEpisode(start, episode), retryTransient);
    if (opened.opening === 'over') return { outcome: 'resolved', endedBy: opened.by };
    if (opened.opening === 'taken') return { outcome: 'part-of-episode', event: opened.by };

    await sendMessage(notice);
    await sendMessage(mail);

    const days = settings.reminderDays.filter((day) => day < settings.graceDays).toSorted((left, right) => left - right);
    for (const [index, day] of days.entries()) {
      const hasWaited = await waitUntil(day * DAY_SECONDS, `wait-for-reminder-${index + 1}`);
      const closedBy = await context.step(`check-renewal-${index + 1}`, () => steps.happenedSince(start, CLOSING_EVENTS), retryTransient);
      if (closedBy !== undefined) return { outcome: 'resolved', endedBy: closedBy };
      if (hasWaited) await sendMessage(numbered(index + 1));
    }
    return { outcome: 'completed' };
  });
}
