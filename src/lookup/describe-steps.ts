import type { RunStepReply } from '../schemas/api/explanation.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { PlanEndNote, RunNote } from '../schemas/run/run-note.ts';
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

const WHY_NOT_FROM_TOTOGI: Record<NonNullable<PlanEndNote['why']>, string> = {
  'not-configured': 'Totogi is not configured for the tenant',
  'names-none': "no plan in Totogi's account has an end",
  'account-not-found': 'Totogi does not know the account',
  'provider-not-active': 'the tenant is not active in Totogi',
  unreachable: 'Totogi did not answer',
};

export function describeNote(note: RunNote): string {
  if (note.note === 'conversion-unknown') return 'It is unknown whether the goal was reached: the account has too many events to search.';
  const because = note.why === undefined ? '' : `: ${WHY_NOT_FROM_TOTOGI[note.why]}`;
  const texts = {
    totogi: "The end of the plan comes from Totogi's account",
    'lead-time': 'The end of the plan is calculated from leadTimeHours',
    unknown: 'The end of the plan is unknown',
  };
  return `${texts[note.from]}${because}.`;
}
