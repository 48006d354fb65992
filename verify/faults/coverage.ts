import { type Check, checkEach, type Evidence } from './checks/check.ts';
import type { FaultKind } from './injection/fault-kinds.ts';
import type { SeamCount } from './injection/fault-plan.ts';
import { GRANT, SEND, type StepHit } from './step-hits.ts';

/** A planned fault or situation, and how often it happened. */
export type Covered = { what: string; times: number };
export type Coverage = { covered: Covered[]; steps: (StepHit & { step: string })[] };

export type Happened = { seams: SeamCount[]; evidence: Evidence; redelivered: number };

const BEFORE: FaultKind[] = ['error before', 'cut off before', 'no answer before', 'killed before'];
const AFTER: FaultKind[] = ['error after', 'four errors', 'cut off after', 'no answer after', 'killed after'];
const WRITE = /^consume: DynamoDB PutItem EVENT/;
const START = /: Lambda Invoke$/;
const ANSWERS: readonly [word: string, kinds: FaultKind[]][] = [
  ['throttles', ['throttled']],
  ['does not answer in time', ['no answer before', 'no answer after']],
  ['answers with status 500', ['error before', 'error after', 'four errors']],
  ['is slow', ['slow']],
];
const SERVICES = ['DynamoDB', 'Lambda', 'SNS', 'SES', 'Secrets Manager', 'Totogi'] as const;
/** Runs of at least this many events are long enough for each of these to happen. */
const LEAST_EVENTS = 4_000;
const MIN_STARTED = 100;
/** The Totogi operations that grant the proof's offers. */
const GIVEN_BY = ['subscribeToPlan', 'createBalance', 'updateBalance'];

/** Counts the planned faults over the seams where they hit. Without workflows, only those that apply then. */
export function coverageOf(happened: Happened): Coverage {
  const { seams, evidence } = happened;
  const steps = [...evidence.recorder.steps]
    .map(([step, counts]) => ({ step, ...counts }))
    .sort((one, two) => (one.step < two.step ? -1 : 1));
  const times = (where: RegExp, kinds: FaultKind[]) =>
    sum(seams.filter(({ seam }) => where.test(seam)).flatMap(({ faults }) => kinds.map((kind) => faults[kind] ?? 0)));
  const services = evidence.ingestOnly ? (['DynamoDB', 'Lambda'] as const) : SERVICES;
  const answers = services.flatMap((service) =>
    ANSWERS.map(([word, kinds]) => ({ what: `${service} ${word}`, times: times(new RegExp(`: ${service}\\b`), kinds) })),
  );
  return {
    covered: [
      { what: 'throw or kill before the write of a notification', times: times(WRITE, BEFORE) },
      { what: 'throw or kill after the write of a notification', times: times(WRITE, AFTER) },
      { what: 'throw or kill before the start of a run', times: times(START, BEFORE) },
      { what: 'throw or kill after the start of a run', times: times(START, AFTER) },
      ...answers,
      { what: 'every sandbox killed at once', times: times(/./, ['all killed']) },
      { what: 'the clock jumps ahead, by up to ten minutes', times: evidence.sentIn.jumps },
      ...(evidence.ingestOnly ? [] : inWorkflows(happened, steps)),
    ],
    steps,
  };
}

/** The faults in runs, and the situations that these need. */
function inWorkflows({ evidence, redelivered }: Happened, steps: Coverage['steps']): Covered[] {
  const { pressed, record, recorder, textedAgain } = evidence;
  const hit = (which: RegExp, where: 'before' | 'after') =>
    sum(steps.filter(({ step }) => which.test(step)).map((counts) => counts[where]));
  const given = (operation: string) => recorder.granted.filter((grant) => grant.operation === operation).length;
  return [
    { what: 'throw or kill in a step, before its effect', times: hit(/./, 'before') },
    { what: 'throw or kill in a step, after its effect', times: hit(/./, 'after') },
    { what: 'throw or kill in a step that sends, before its effect', times: hit(SEND, 'before') },
    { what: 'throw or kill in a step that sends, after its effect', times: hit(SEND, 'after') },
    { what: 'throw or kill in a step that has Totogi give something, before its effect', times: hit(GRANT, 'before') },
    { what: 'throw or kill in a step that has Totogi give something, after its effect', times: hit(GRANT, 'after') },
    { what: 'a notification redelivered in the middle of a send about it', times: redelivered },
    { what: 'a text handed over again, with another time of the queue', times: textedAgain },
    { what: 'an offer accepted on its page', times: pressed.filter(({ showsAccepted }) => showsAccepted).length },
    { what: 'an offer accepted by text', times: record.offers.replies.filter(({ reason }) => reason === 'offer-accepted').length },
    ...GIVEN_BY.map((operation) => ({ what: `Totogi gives by ${operation}`, times: given(operation) })),
  ];
}

/** A proof without faults proves little, so every planned fault must have happened. Short runs are exempt. */
export function checkCoverage({ covered, steps }: Coverage, events: number): Check[] {
  if (events < LEAST_EVENTS) return [];
  const usual = steps.filter(({ started }) => started >= MIN_STARTED);
  return [
    checkEach('whatever was to go wrong went wrong', 'what was done to it', covered, ({ what, times }) =>
      times > 0 ? undefined : `never: ${what}`,
    ),
    checkEach(`every step that began ${MIN_STARTED} times was hit before its effect and after it`, 'what was done to it', usual, (hit) =>
      hit.before > 0 && hit.after > 0 ? undefined : `${hit.step}: ${hit.before} times before, ${hit.after} after`,
    ),
  ];
}

function sum(values: number[]): number {
  return values.reduce((all, one) => all + one, 0);
}
