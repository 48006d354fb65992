import { isNothingRolledOver } from '../../messaging/rolled-over.ts';
import type { RecordedEvent } from '../../schemas/event/recorded-event.ts';
import type { NotSentReason } from '../../schemas/message/message.ts';
import { retryTransient } from '../engine/retry-policies.ts';
import { runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { rollover } from './definition.ts';

const { notice } = rollover.messages;

/** The payload names everything that was carried over, so a second event within minutes is a repeat: no plan's month lasts minutes. */
const REPEAT_WINDOW = { subject: 'rollover', seconds: 30 * 60 };

/** A rollover of 0: the message would be false. */
export function emptyReason({ notification }: RecordedEvent): NotSentReason | undefined {
  const isNothing = notification.type === 'PlanRollover' && isNothingRolledOver(notification.fields.rolloveramount);
  return isNothing ? 'nothing-rolled-over' : undefined;
}

/** An allowance was carried over: send a text with the amount and how long it lasts. */
export function createRolloverWorkflow(deps: WorkflowDependencies<'rollover'>) {
  return runWorkflow(rollover, deps, async ({ start, sendMessage }, context) => {
    const opened = await context.step('open-episode', () => deps.steps.openEpisode(start, REPEAT_WINDOW), retryTransient);
    return opened.opening === 'open' ? sendMessage({ ...notice, emptyReason }) : { outcome: 'part-of-episode', event: opened.by };
  });
}
