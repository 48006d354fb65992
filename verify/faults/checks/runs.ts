import type { OnRecord, RecordedRun } from '../record.ts';
import type { Recorder } from '../recorder.ts';
import { type Check, checkEach, type Evidence } from './check.ts';

/** A run fails for good after this many invocations. */
const INVOCATION_TRIES = 8;
const OFFER = 'retention-offer';

export function checkStarts(evidence: Evidence): Check[] {
  const { recorder, record } = evidence;
  const expected = expectedRuns(evidence);
  const started = Map.groupBy(recorder.started, ([, { eventId, workflow }]) => `${eventId}#${workflow}`);
  return [
    checkEach('every (workflow, notification) that the rules name has one execution', 'in and record', expected, (run) => {
      const times = started.get(run)?.length ?? 0;
      return times === 1 ? undefined : `${run} was started as ${times} executions`;
    }),
    checkEach('no other execution was started', 'in and record', started.keys(), (run) =>
      expected.has(run) ? undefined : `${run} is named by no rule`,
    ),
    allOf(
      'what may be written once was written once',
      recorder.createdTwice.map((kind) => `a record of the kind ${kind} was written again`),
      recorder.created,
    ),
    checkEach('nothing lies in a dead-letter queue without a reason', 'record', record.deadLetters, ({ queue, body, attributes }) =>
      isExplained(evidence, body) ? undefined : `a letter in ${queue}: ${body}, ${attributes}`,
    ),
  ];
}

export function checkRuns(evidence: Evidence): Check[] {
  const { record, recorder } = evidence;
  const killedForGood = runsKilledForGood(evidence);
  return [
    checkEach('every execution came to its end', 'record', record.executions, ({ arn, status }) => {
      if (status === 'SUCCEEDED' || (status === 'FAILED' && wasKilledForGood(evidence, arn))) return undefined;
      return `${nameOf(arn)} is ${status} after ${recorder.deaths.get(arn) ?? 0} tries that the proof ended`;
    }),
    checkEach('every execution has its run on record, ended', 'record', expectedRuns(evidence), (run) => {
      const state = record.runs.get(run)?.state;
      return state === 'finished' || killedForGood.has(run) ? undefined : `${run} is ${state ?? 'not found'}`;
    }),
    allOf('no step began again after its success was acknowledged', recorder.repeatedSteps, recorder.acknowledgedSteps),
  ];
}

/** How executions ended, and how often the proof ended one of their tries. */
export type Ends = { record: Pick<OnRecord, 'executions'>; recorder: Pick<Recorder, 'deaths' | 'started'> };

/** `<eventId>#<workflow>` of the runs that failed because every try was killed. */
export function runsKilledForGood(evidence: Ends): Set<string> {
  const failed = evidence.record.executions.filter(({ arn, status }) => status === 'FAILED' && wasKilledForGood(evidence, arn));
  return new Set(failed.map(({ arn }) => evidence.recorder.started.get(arn)).map((run) => `${run?.eventId}#${run?.workflow}`));
}

/** A run may fail for good only if the proof ended every try of its invocation: by a kill, or by failing a request that it needs. */
function wasKilledForGood({ recorder }: Ends, arn: string): boolean {
  return (recorder.deaths.get(arn) ?? 0) >= INVOCATION_TRIES;
}

function isExplained(evidence: Evidence, body: string): boolean {
  const { record, recorder } = evidence;
  const failed = record.executions.filter(({ arn, status }) => status === 'FAILED' && wasKilledForGood(evidence, arn));
  return failed.some(({ arn }) => body.includes(`"${recorder.started.get(arn)?.eventId}"`));
}

/** `<eventId>#<workflow>` of every expected run, by the ID of the stored notification. */
function expectedRuns({ sentIn, record, ingestOnly }: Evidence): Set<string> {
  const runs = sentIn.entries.flatMap(({ session, starts }) => {
    const [recorded] = record.notifications.get(session) ?? [];
    if (recorded === undefined || starts === undefined || !('workflows' in starts)) return [];
    const decided = starts.workflows.map((workflow) => `${recorded.id}#${workflow}`);
    const isOfferStart = starts.startsOffer && !ingestOnly && decided.every((run) => cameToItsOffer(record.runs.get(run)));
    return isOfferStart ? [...decided, `${recorded.id}#${OFFER}`] : decided;
  });
  return new Set(runs);
}

/** A stale run and one that is part of an episode start no offer. A failed one may or may not have come to its offer. */
function cameToItsOffer(run: RecordedRun | undefined): boolean {
  return run !== undefined && !['stale', 'part-of-episode', 'failed'].includes(run.outcome ?? '');
}

function allOf(claim: string, wrong: string[], looked: number): Check {
  return { claim, ledgers: 'record', looked, wrong };
}

function nameOf(arn: string): string {
  return arn.split('/').at(-2) ?? arn;
}
