import * as z from 'zod';
import { EventReply } from './recorded-event.ts';
import { NotStartedReason, RunOutcome, WorkflowName } from './workflow.ts';

/** What was said to a subscriber about an event, or why nothing was. Neither number nor text: those are on the message record. */
export const MessageExplanation = z.object({
  step: z.string(),
  channel: z.string(),
  template: z.string(),
  state: z.enum(['claimed', 'accepted', 'failed', 'unknown', 'refused']),
  reason: z.string().optional(),
  claimedAt: z.string(),
  settledAt: z.string().optional(),
});

/** What became of one workflow for an event. */
export const WorkflowExplanation = z.object({
  workflow: WorkflowName,
  state: z.enum(['starting', 'running', 'ended']),
  result: RunOutcome.optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  messages: z.array(MessageExplanation),
});

/** Why an event led to what it led to. */
export const Explanation = z
  .object({
    event: EventReply,
    workflows: z.array(WorkflowExplanation),
    /** Why no workflow was started, where none was. */
    reason: NotStartedReason.optional(),
    /** The version of the tenant's configuration that decided. */
    configuration: z.string().optional(),
    inWords: z.string(),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof Explanation>;
