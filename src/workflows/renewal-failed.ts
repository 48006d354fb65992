import type { NotificationType } from '../schemas/notification-type.ts';
import { keepTrying } from './persistence.ts';
import { type Said, type StoryDependencies, story } from './story.ts';

const NOTICE_TEXT: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };
const NOTICE_MAIL: Said = { step: 'notice-email', channel: 'email', moment: 'notice' };
const reminder = (number: number): Said => ({ step: `reminder-${number}-sms`, channel: 'sms', moment: 'reminder' });

const DAY_SECONDS = 24 * 3_600;
/** After any of these there is nothing left to renew. */
const ENDINGS: NotificationType[] = ['AutoRenewSuccess', 'NewPlanActivated', 'PlanCancelled', 'PlanExpired'];

/**
 * A renewal failed: tell the subscriber by text and email what to do, and remind them on the days the tenant set. Totogi tries again with
 * each charging request until the grace period ends and says so each time; the first failure tells the story, the others are part of it.
 * When the renewal succeeds, the workflow renewal-succeeded confirms it at once and this story ends.
 */
export function renewalFailed(deps: StoryDependencies<'renewal-failed'>) {
  const { run } = deps;
  return story('renewal-failed', deps, async ({ start, settings, say, waitUntil }, context) => {
    const subject = { subject: 'renewal', seconds: settings.graceDays * DAY_SECONDS, endedBy: ENDINGS };
    const opened = await context.step('open-story', () => run.openStory(start, subject), keepTrying);
    if (opened.opening === 'over') return { outcome: 'resolved', reason: opened.by };
    if (opened.opening === 'taken') return { outcome: 'absorbed', reason: opened.by };

    await say(NOTICE_TEXT);
    await say(NOTICE_MAIL);

    const days = settings.reminderDays.filter((day) => day < settings.graceDays).toSorted((left, right) => left - right);
    for (const [index, day] of days.entries()) {
      const isStillToCome = await waitUntil(day * DAY_SECONDS, `wait-for-reminder-${index + 1}`);
      const ending = await context.step(`look-for-a-renewal-${index + 1}`, () => run.happenedSince(start, ENDINGS), keepTrying);
      if (ending !== undefined) return { outcome: 'resolved', reason: ending };
      if (isStillToCome) await say(reminder(index + 1));
    }
    return { outcome: 'completed' };
  });
}
