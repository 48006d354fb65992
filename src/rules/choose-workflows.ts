import { DOCUMENTED_STATES, type Notification, type NotificationType } from '../schemas/notification.ts';
import type { PublishedConfiguration, TenantConfiguration } from '../schemas/tenant-configuration.ts';
import type { Decision, NotStartedReason, WorkflowName } from '../schemas/workflow.ts';
import { readCounter } from './counter-meaning.ts';

const HOUR = 3_600_000;

/** The workflow that tells each type's story; a type without one is recorded and starts nothing. */
const WORKFLOW_OF: Partial<Record<NotificationType, WorkflowName>> = {
  CounterThreshold: 'low-allowance',
  UnitAllowanceThreshold: 'low-allowance',
  OutOfCredit: 'credit-alert',
  AccountCreditWarning: 'credit-alert',
};

/**
 * Which workflows a notification starts, or the one reason why none does.
 *
 * @param published the tenant's configuration in force, if it has any.
 * @param receivedAt milliseconds since the epoch.
 */
export function chooseWorkflows(notification: Notification, published: PublishedConfiguration | undefined, receivedAt: number): Decision {
  if (!published) return { start: [], reason: 'tenant-not-configured' };
  const { configuration, version } = published;
  const workflow = WORKFLOW_OF[notification.type];
  const reason = isStale(notification, configuration, receivedAt) ? 'stale' : whyNot(notification, workflow, configuration);
  if (reason || !workflow) return { start: [], reason: reason ?? 'no-workflow', configuration: version };
  return { start: [workflow], configuration: version };
}

/** Replays and redrives bring old news: it is recorded, and texts nobody. */
function isStale(notification: Notification, configuration: TenantConfiguration, receivedAt: number): boolean {
  return receivedAt - Date.parse(notification.occurredAt) > configuration.staleAfterHours * HOUR;
}

function whyNot(
  notification: Notification,
  workflow: WorkflowName | undefined,
  configuration: TenantConfiguration,
): NotStartedReason | undefined {
  if (notification.type === 'Unrecognised') return 'unrecognised';
  if (!workflow) return 'no-workflow';
  if (notification.type !== 'CounterThreshold' && notification.state !== DOCUMENTED_STATES[notification.type])
    return 'state-starts-nothing';
  const counter = readCounter(notification, configuration);
  if (!counter) return 'counter-not-configured';
  if (counter.meaning === 'good') return 'counter-good';
  return configuration.workflows[workflow].enabled ? undefined : 'workflow-off';
}
