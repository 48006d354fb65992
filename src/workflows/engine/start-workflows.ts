import { settleAll } from '../../platform/settle-all.ts';
import { decidedAt, decisionInForce, type RecordedEvent } from '../../schemas/event/recorded-event.ts';
import { STARTS_FOR_MILLISECONDS } from '../../schemas/run/workflow-start.ts';
import type { StartExecution } from './start-execution.ts';

/**
 * Starts the workflows of the decision in force, which may be a replay's. Does nothing when that decision is older than seven days.
 *
 * @param at milliseconds since the epoch.
 */
export async function startWorkflows(startExecution: StartExecution, event: RecordedEvent, at: number): Promise<void> {
  if (at - decidedAt(event) > STARTS_FOR_MILLISECONDS) return;
  const { tenant, account } = event.notification;
  await settleAll(decisionInForce(event).start.map((workflow) => startExecution(workflow, { tenant, account, eventId: event.id })));
}
