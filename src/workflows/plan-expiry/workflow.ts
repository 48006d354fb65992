import { HOUR } from '../../platform/duration.ts';
import type { NotificationType } from '../../schemas/event/notification-type.ts';
import { PLAN } from '../engine/episode-steps.ts';
import { retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { startOffer } from '../engine/start-offer.ts';
import { planExpiry } from './definition.ts';

const { notice, reminder } = planExpiry.messages;

const HOUR_SECONDS = HOUR / 1_000;
/** How long further warnings count as repeats if the tenant sets no lead time. */
const DEFAULT_EPISODE_HOURS = 30 * 24;
const CLOSING_EVENTS: NotificationType[] = ['NewPlanActivated', 'AutoRenewSuccess', 'PlanCancelled', 'PlanExpired'];

/**
 * A plan is about to end: send a text now, start an offer if the tenant has one, and send an email reminder shortly before the end, unless
 * the plan has been renewed, replaced or cancelled since. Totogi warns several times: the first warning opens an episode, and later ones are
 * part of it, whatever device they name. The warning has no end time: it comes from the subscriber's account in Totogi, or from the tenant's
 * lead time. If neither is known, there is no reminder.
 */
export function createPlanExpiryWorkflow(deps: WorkflowDependencies<'plan-expiry'>) {
  const { steps } = deps;
  return runWorkflow(planExpiry, deps, async (run, context) => {
    const { start, configuration, settings, sendMessage, waitUntil } = run;
    const { leadTimeHours, reminderHoursBefore } = settings;
    const episodeSeconds = (leadTimeHours ?? DEFAULT_EPISODE_HOURS) * HOUR_SECONDS;
    const episode = { subject: PLAN, seconds: episodeSeconds, closedByTypes: CLOSING_EVENTS };
    const opened = await context.step('open-episode', () => steps.openEpisode(start, episode), retryTransient);
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

    const hasWaited = await waitUntil(endsAfterSeconds - reminderHoursBefore * HOUR_SECONDS, 'wait-for-reminder');
    if (!hasWaited) return { ...sent, reason: sent.reason ?? 'too-late-for-reminder' };

    const closedBy = await context.step('check-plan-renewed', () => steps.happenedSince(start, CLOSING_EVENTS), retryTransient);
    if (closedBy !== undefined) return { outcome: 'resolved', endedBy: closedBy };
    await sendMessage({ ...reminder, planEnds });
    return { outcome: 'completed' };
  });
}
