import type { Explanation } from '../schemas/explanation.ts';
import type { MessageRecord } from '../schemas/message.ts';
import { eventReply, type RecordedEvent } from '../schemas/recorded-event.ts';
import type { NotStartedReason, RunOutcome, WorkflowName } from '../schemas/workflow.ts';

/** A run's record, as far as an explanation tells it. */
export type ExplainedRun = {
  workflow: WorkflowName;
  state: 'running' | 'ended';
  startedAt: string;
  endedAt?: string | undefined;
  result?: RunOutcome | undefined;
};

const REASONS: Record<NotStartedReason, string> = {
  'tenant-not-configured': 'The tenant had no configuration, so nothing was started.',
  stale: "It was older than the tenant's staleAfterHours when it arrived, so nothing was started.",
  unrecognised: 'Its name is none that is documented, so nothing was started.',
  'no-workflow': 'There is no workflow for this type.',
  'state-starts-nothing': 'Only the documented state of this notification starts a workflow.',
  'counter-not-configured': "Neither the tenant's configuration nor the defaults say what this counter's state means.",
  'counter-good': 'The counter is in a good state: good news starts nothing.',
  'workflow-off': 'The tenant has switched its workflow off.',
};

/** Tells what an event led to, and why, from what is on record about it. */
export function explain(event: RecordedEvent, runs: ExplainedRun[], messages: MessageRecord[]): Explanation {
  const workflows = event.decision.start.map((workflow) => {
    const run = runs.find((candidate) => candidate.workflow === workflow);
    const said = messages.filter((message) => message.workflow === workflow);
    return {
      workflow,
      state: run?.state ?? ('starting' as const),
      result: run?.result,
      startedAt: run?.startedAt,
      endedAt: run?.endedAt,
      messages: said,
    };
  });
  const { reason, configuration } = event.decision;
  const inWords = reason ? REASONS[reason] : workflows.map(({ workflow, result }) => inWordsOf(workflow, result)).join(' ');
  return { event: eventReply(event), workflows, reason, configuration, inWords };
}

function inWordsOf(workflow: WorkflowName, result: RunOutcome | undefined): string {
  if (!result) return `${workflow} has not ended yet.`;
  const because = result.reason ? ` (${result.reason})` : '';
  const words: Record<RunOutcome['outcome'], string> = {
    sent: `${workflow} sent its message.`,
    'not-sent': `${workflow} sent nothing${because}.`,
    unknown: `${workflow} handed its message over and does not know what became of it${because}; it is not sent again.`,
    recovered: `${workflow} sent nothing: the counter was good again before it spoke.`,
  };
  return words[result.outcome];
}
