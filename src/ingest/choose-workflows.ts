import { interpretCounter } from '../configuration/counter-meaning.ts';
import { HOUR } from '../platform/duration.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { Notification } from '../schemas/event/notification.ts';
import { DOCUMENTED_STATES, type NotificationType } from '../schemas/event/notification-type.ts';
import { OFFER_WORKFLOW } from '../schemas/offer/offer-record.ts';
import { type Decision, type NotStartedReason, WORKFLOW_OF, type WorkflowName } from '../schemas/run/workflow.ts';

/** How far clocks may differ. */
const TOLERANCE_AHEAD = HOUR;

/** Their state describes a counter. Every other type has one documented state. */
const COUNTERS = new Set<NotificationType>(['CounterThreshold', 'UnitAllowanceThreshold', 'OutOfCredit', 'AccountCreditWarning']);

/**
 * Which workflows a notification starts, or why it starts none.
 *
 * @param published the tenant's configuration in force, if there is one.
 * @param receivedAt milliseconds since the epoch.
 */
export function chooseWorkflows(notification: Notification, published: PublishedConfiguration | undefined, receivedAt: number): Decision {
  if (!published) return { start: [], reason: 'tenant-not-configured' };
  const { configuration, version } = published;
  if (isStale(notification, configuration, receivedAt)) return { start: [], reason: 'stale', configuration: version };
  if (Date.parse(notification.occurredAt) - receivedAt > TOLERANCE_AHEAD)
    return { start: [], reason: 'in-the-future', configuration: version };
  if (notification.type === 'Unrecognised') return { start: [], reason: 'unrecognised', configuration: version };
  const workflow = WORKFLOW_OF[notification.type];
  const reason = whyNot(notification, workflow, configuration);
  if (reason) return { start: [], reason, configuration: version };
  return { start: [workflow, ...offerWorkflow(notification, published)], configuration: version };
}

function offerWorkflow({ type }: Notification, { configuration, offers }: PublishedConfiguration): WorkflowName[] {
  const isTriggered = offers.some(({ trigger }) => trigger.notifications.some((named) => named === type));
  return isTriggered && configuration.workflows[OFFER_WORKFLOW].enabled ? [OFFER_WORKFLOW] : [];
}

/** Replays and redrives bring old events: they are recorded, and send nothing. */
function isStale(notification: Notification, configuration: TenantConfiguration, receivedAt: number): boolean {
  return receivedAt - Date.parse(notification.occurredAt) > configuration.staleAfterHours * HOUR;
}

function whyNot(notification: Notification, workflow: WorkflowName, configuration: TenantConfiguration): NotStartedReason | undefined {
  const { type } = notification;
  const isDocumented = type !== 'CounterThreshold' && type !== 'Unrecognised';
  if (isDocumented && notification.state !== DOCUMENTED_STATES[type]) return 'state-starts-nothing';
  if (COUNTERS.has(type)) {
    const counter = interpretCounter(notification, configuration);
    if (!counter) return 'counter-not-configured';
    if (counter.meaning === 'good') return 'counter-good';
  }
  return configuration.workflows[workflow].enabled ? undefined : 'workflow-off';
}
