import { HOUR } from '../../platform/duration.ts';
import type { NotificationType } from '../../schemas/event/notification-type.ts';
import { PLAN } from '../engine/episode-steps.ts';
import { retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { startOffer } from '../engine/start-offer.ts';
import { planExpiry } from './definition.ts';

const { notice, reminder } = planExpiry.messages;

const HOUR_SECONDS = HOUR / 1_000;
/** How long warnings count as one plan's when the plan's end is unknown. */
const EPISODE_HOURS_WITHOUT_END = 30 * 24;
const ENDINGS: NotificationType[] = ['NewPlanActivated', 'AutoRenewSuccess', 'PlanCancelled', 'PlanExpired'];

/**
 * A plan is about to end: send a text now and an email reminder shortly before the end, if the plan is still ending. Totogi warns several
 * times: the first warning opens the episode, and later ones are part of it until the plan's end, whatever device they name. The event has
 * no end time: it comes from Totogi's account or from the tenant's lead time. Without either there is no reminder.
 */
export function createPlanExpiryWorkflow(deps: WorkflowDependencies<'plan-expiry'>) {
  const { steps } = deps;
  return runWorkflow(planExpiry, deps, async (run, context) => {
    const { start, configuration, settings, sendMessage, waitUntil } = run;
    const { leadTimeHours, reminderHoursBefore } = settings;
    const episodeSeconds = (leadTimeHours ?? EPISODE_HOURS_WITHOUT_END) * HOUR_SECONDS;
    const subject = { subject: PLAN, seconds: episodeSeconds, closedByTypes: ENDINGS };
    const opened = await context.step('open-episode', () => steps.openEpisode(start, subject), retryTransient);
    if (opened.opening === 'over') return { outcome: 'resolved', endedBy: opened.by };
    if (opened.opening === 'taken') return { outcome: 'part-of-episode', event: opened.by };

    const { endsAfterSeconds, planEnds } = await context.step(
      'find-plan-end',
      () => steps.planEnd(start, configuration, leadTimeHours),
      retryTransient,
    );
    const sent = await sendMessage({ ...notice, planEnds });
    await startOffer(run, context, steps);
    if (endsAfterSeconds === undefined) return { ...sent, reason: sent.reason ?? 'plan-end-unknown' };

    const isStillToCome = await waitUntil(endsAfterSeconds - reminderHoursBefore * HOUR_SECONDS, 'wait-for-reminder');
    if (!isStillToCome) return { ...sent, reason: sent.reason ?? 'too-late-for-reminder' };

    const ending = await context.step('check-plan-renewed', () => steps.happenedSince(start, ENDINGS), retryTransient);
    if (ending !== undefined) return { outcome: 'resolved', endedBy: ending };
    await sendMessage({ ...reminder, planEnds });
    return { outcome: 'completed' };
  });
}
