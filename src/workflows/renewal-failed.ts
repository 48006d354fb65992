import { DAY } from '../runtime/duration.ts';
import type { NotificationType } from '../schemas/notification-type.ts';
import { retryTransient } from './retry-policies.ts';
import { type MessageRequest, runWorkflow, type WorkflowDependencies } from './run-workflow.ts';

const NOTICE_TEXT: MessageRequest = { step: 'notice-sms', channel: 'sms', kind: 'notice' };
const NOTICE_MAIL: MessageRequest = { step: 'notice-email', channel: 'email', kind: 'notice' };
const reminder = (number: number): MessageRequest => ({ step: `reminder-${number}-sms`, channel: 'sms', kind: 'reminder' });

const DAY_SECONDS = DAY / 1_000;
const ENDINGS: NotificationType[] = ['AutoRenewSuccess', 'NewPlanActivated', 'PlanCancelled', 'PlanExpired'];

/**
 * A renewal failed: send a text and an email, and remind on the days that the tenant set. Totogi retries with each charging request until
 * the grace period ends, and reports each failure: the first one opens the episode, and later ones are part of it. When the renewal
 * succeeds, the workflow renewal-succeeded confirms it at once and closes this episode.
 */
export function renewalFailed(deps: WorkflowDependencies<'renewal-failed'>) {
  const { steps } = deps;
  return runWorkflow('renewal-failed', deps, async ({ start, settings, sendMessage, waitUntil }, context) => {
    const subject = { subject: 'renewal', seconds: settings.graceDays * DAY_SECONDS, closedByTypes: ENDINGS };
    const opened = await context.step('open-episode', () => steps.openEpisode(start, subject), retryTransient);
    if (opened.opening === 'over') return { outcome: 'resolved', reason: opened.by };
    if (opened.opening === 'taken') return { outcome: 'part-of-episode', reason: opened.by };

    await sendMessage(NOTICE_TEXT);
    await sendMessage(NOTICE_MAIL);

    const days = settings.reminderDays.filter((day) => day < settings.graceDays).toSorted((left, right) => left - right);
    for (const [index, day] of days.entries()) {
      const isStillToCome = await waitUntil(day * DAY_SECONDS, `wait-for-reminder-${index + 1}`);
      const ending = await context.step(`check-renewal-${index + 1}`, () => steps.happenedSince(start, ENDINGS), retryTransient);
      if (ending !== undefined) return { outcome: 'resolved', reason: ending };
      if (isStillToCome) await sendMessage(reminder(index + 1));
    }
    return { outcome: 'completed' };
  });
}
