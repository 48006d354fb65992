import { chooseWorkflows } from '../ingest/choose-workflows.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import { decidedAt, decisionInForce, type RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { SkipReason } from '../schemas/operations/replay.ts';
import type { Decision, WorkflowName } from '../schemas/run/workflow.ts';
import { STARTS_FOR_MILLISECONDS } from '../schemas/run/workflow-start.ts';

/** An execution's name stays taken only while its history exists (14 days), so older decisions are not started again. */

export type ReplayPlan = { start: WorkflowName[]; decision?: Decision } | { skip: SkipReason };

export type ReplayFacts = {
  event: RecordedEvent;
  ran: WorkflowName[];
  published: PublishedConfiguration | undefined;
  chosen: WorkflowName[] | undefined;
  /** Milliseconds since the epoch. */
  now: number;
};

/**
 * What was decided and never ran is started. What started nothing is decided again, with the current configuration and time: stale events
 * stay stale.
 */
export function planReplay({ event, ran, published, chosen, now }: ReplayFacts): ReplayPlan {
  const decision = chooseWorkflows(event.notification, published, now);
  const isChosen = (workflow: WorkflowName) => chosen?.includes(workflow) ?? true;
  const before = decisionInForce(event);
  if (before.start.length === 0) {
    if (decision.reason) return { skip: decision.reason };
    const start = decision.start.filter(isChosen);
    return start.length === 0 ? { skip: 'not-chosen' } : { start, decision: { ...decision, start } };
  }
  const wanted = before.start.filter(isChosen);
  if (wanted.length === 0) return { skip: 'not-chosen' };
  const start = wanted.filter((workflow) => !ran.includes(workflow));
  if (start.length === 0) return { skip: 'already-run' };
  if (now - decidedAt(event) > STARTS_FOR_MILLISECONDS) return { skip: 'too-old' };
  return decision.reason === 'stale' ? { skip: 'stale' } : { start };
}
