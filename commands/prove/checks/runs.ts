import type { OnRecord, RecordedRun } from '../record.ts';
import type { Recorder } from '../recorder.ts';
import { type Check, checkEach, type Evidence } from './check.ts';

/** A run's invocations are tried so often before it has failed for good. */
const INVOCATION_TRIES = 8;
const OFFER = 'retention-offer';

/** Every (workflow, notification) that the rules name against the executions that were started. */
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

/** The executions and the runs on record against what was started. */
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

/** How executions ended, and how often the proof ended a try of one. */
export type Ends = { record: Pick<OnRecord, 'executions'>; recorder: Pick<Recorder, 'deaths' | 'started'> };

/** `<eventId>#<workflow>` of the runs that failed since every try of their invocation was killed. */
export function runsKilledForGood(evidence: Ends): Set<string> {
  const failed = evidence.record.executions.filter(({ arn, status }) => status === 'FAILED' && wasKilledForGood(evidence, arn));
  return new Set(failed.map(({ arn }) => evidence.recorder.started.get(arn)).map((run) => `${run?.eventId}#${run?.workflow}`));
}

/** A run may fail for good where the proof ended every try of its invocation: killed it, or made a request fail that it fails without. */
function wasKilledForGood({ recorder }: Ends, arn: string): boolean {
  return (recorder.deaths.get(arn) ?? 0) >= INVOCATION_TRIES;
}

function isExplained(evidence: Evidence, body: string): boolean {
  const { record, recorder } = evidence;
  const failed = record.executions.filter(({ arn, status }) => status === 'FAILED' && wasKilledForGood(evidence, arn));
  return failed.some(({ arn }) => body.includes(`"${recorder.started.get(arn)?.eventId}"`));
}

/** `<eventId>#<workflow>` of every run that should be, by the id under which the notification is on record. */
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

/** A run that began too late says nothing, nor does one that is part of another's; one that could not be told may have come to its offer or not. */
function cameToItsOffer(run: RecordedRun | undefined): boolean {
  return run !== undefined && !['stale', 'part-of-episode', 'failed'].includes(run.outcome ?? '');
}

function allOf(claim: string, wrong: string[], looked: number): Check {
  return { claim, ledgers: 'record', looked, wrong };
}

function nameOf(arn: string): string {
  return arn.split('/').at(-2) ?? arn;
}
