import type { RunStepReply } from '../schemas/api/explanation.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { RunRecord } from '../workflows/engine/run-records.ts';

/**
 * The steps of a run, from its record. A step starts when the one before is done, so a running run is in its last step if that is a wait.
 */
export function describeSteps(run: RunRecord, messages: MessageRecord[]): RunStepReply[] {
  const between: RunStepReply[] = [
    ...(run.notes ?? []).map(({ note, at }) => ({ kind: 'finding' as const, step: note, state: 'done' as const, at })),
    ...run.waits.map((wait) => ({ kind: 'wait' as const, state: 'done' as const, ...wait })),
    ...messages.map(describeMessage),
  ].toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  const last = between.at(-1);
  if (run.state === 'running' && last?.kind === 'wait') last.state = 'waiting';
  const start: RunStepReply = { kind: 'start', step: 'start', state: 'done', at: run.startedAt };
  return run.finishedAt === undefined
    ? [start, ...between]
    : [start, ...between, { kind: 'finish', step: 'finish', state: 'done', at: run.finishedAt }];
}

function describeMessage({ step, state, claimedAt, heldUntil }: MessageRecord): RunStepReply {
  const described = { kind: 'message' as const, step, state, at: claimedAt };
  return state === 'held' && heldUntil !== undefined ? { ...described, until: heldUntil } : described;
}
