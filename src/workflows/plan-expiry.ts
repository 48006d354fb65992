import type { NotificationType } from '../schemas/notification-type.ts';
import { handOver } from './hand-over.ts';
import { keepTrying } from './persistence.ts';
import { type Said, type StoryDependencies, story } from './story.ts';
import { PLAN } from './story-steps.ts';

const NOTICE: Said = { step: 'notice-sms', channel: 'sms', moment: 'notice' };
const REMINDER: Said = { step: 'reminder-email', channel: 'email', moment: 'reminder' };

const HOUR_SECONDS = 3_600;
/** How long several warnings count as those of one plan where nobody said when plans end. */
const STORY_HOURS_WITHOUT_END = 30 * 24;
/** After any of these the plan is not ending any more, or has ended. */
const ENDINGS: NotificationType[] = ['NewPlanActivated', 'AutoRenewSuccess', 'PlanCancelled', 'PlanExpired'];

/**
 * A plan is about to end: tell the subscriber by text now, and remind them by email shortly before, if it is still ending. Totogi warns
 * several times; the first warning tells the story, the others are part of it, whatever device they name and until the plan's end. The event names no end: Totogi's account does, or it
 * follows from the tenant's lead time; without either there is no reminder.
 */
export function planExpiry(deps: StoryDependencies<'plan-expiry'>) {
  const { run } = deps;
  return story('plan-expiry', deps, async (told, context) => {
    const { start, configuration, settings, say, waitUntil } = told;
    const { leadTimeHours, reminderHoursBefore } = settings;
    const storySeconds = (leadTimeHours ?? STORY_HOURS_WITHOUT_END) * HOUR_SECONDS;
    const subject = { subject: PLAN, seconds: storySeconds, endedBy: ENDINGS };
    const opened = await context.step('open-story', () => run.openStory(start, subject), keepTrying);
    if (opened.opening === 'over') return { outcome: 'resolved', reason: opened.by };
    if (opened.opening === 'taken') return { outcome: 'absorbed', reason: opened.by };

    const { endsAfterSeconds, planEnds } = await context.step('find-plan-end', () => run.planEnd(start, configuration), keepTrying);
    const notice = await say({ ...NOTICE, planEnds });
    await handOver(told, context, run);
    if (endsAfterSeconds === undefined) return { ...notice, reason: notice.reason ?? 'end-unknown-no-reminder' };

    const isStillToCome = await waitUntil(endsAfterSeconds - reminderHoursBefore * HOUR_SECONDS, 'wait-for-the-reminder');
    if (!isStillToCome) return { ...notice, reason: notice.reason ?? 'too-late-for-a-reminder' };

    const ending = await context.step('look-whether-it-still-ends', () => run.happenedSince(start, ENDINGS), keepTrying);
    if (ending !== undefined) return { outcome: 'resolved', reason: ending };
    await say({ ...REMINDER, planEnds });
    return { outcome: 'completed' };
  });
}
