import type { AwsRequest, HttpReply } from '../../local/http-server.ts';
import { type Granted, grantOf, type Started } from './grants.ts';
import { AMBIGUOUS, ANSWERED, FAULT_KINDS, type FaultKind } from './injection/fault-kinds.ts';
import type { ReadRequest } from './injection/seams.ts';
import type { Sandbox } from './sandboxes.ts';
import { createStepHits, GRANT, SEND, type StepHits } from './step-hits.ts';

/** `claim` identifies the message: `<eventId>#<workflow>#<step>`. */
export type SentMessage = { messageId: string; claim: string };

/** What the stand-ins for AWS did and answered, even if the answer was lost. It is recorded at the endpoint, not read from the service. */
export type Recorder = {
  asked: number;
  /** Failures in the proof's own code. */
  broken: string[];
  /** By ARN. */
  started: Map<string, Started>;
  sent: SentMessage[];
  /** By claim: the faults between the start of a send and the record of its outcome, which make it unknown whether the message went. */
  hitSends: Map<string, string[]>;
  granted: Granted[];
  /** By claim: the faults in a step that asked Totogi for a grant. */
  hitGrants: Map<string, string[]>;
  steps: StepHits['steps'];
  /** Claims that the carrier rejected. */
  rejectedSends: Set<string>;
  /** How often in a row an execution's invocation was killed by the proof, or failed after a fault in one of its own requests. */
  deaths: Map<string, number>;
  /** `created` counts records that were written on condition that they do not exist; `createdTwice` has the kinds of those that existed. */
  created: number;
  createdTwice: string[];
  acknowledgedSteps: number;
  /** Steps that started again although their success had been acknowledged. */
  repeatedSteps: string[];
};

/** `claim` is the message that the request is for. */
export type Asked = { request: AwsRequest; read: ReadRequest; sandbox: Sandbox; claim: string | undefined };

/** What the endpoint reports to the recorder. */
export type Watch = {
  recorder: Recorder;
  /** Before a request is executed. Returns the claim of the message that the run is sending: a slow request may outlive its sandbox. */
  asked(read: ReadRequest, sandbox: Sandbox): string | undefined;
  /** After a request was executed, with the stand-in's own answer. */
  done(asked: Asked, reply: HttpReply): void;
  /** The unchanged answer was sent to the caller. */
  answered(read: ReadRequest): void;
  /** A fault hit a request or, without one, the sandbox. */
  hit(kind: FaultKind | 'died', sandbox: Sandbox, read?: ReadRequest): void;
  /** A sandbox ended before its invocation did: the proof killed it, or it ended by itself. */
  died(sandbox: Sandbox, wasKilled: boolean): void;
  /** An invocation ended with its own error. */
  failed(sandbox: Sandbox): void;
  survived(arn: string): void;
  /** A failure in the proof's own code. */
  broke(error: unknown): void;
  listen(listener: Listener): void;
};

/** `asked` is called when the service wants to record a notification, and `recorded` once it is stored. */
export type Listener = { asked(session: string): void; recorded(eventId: string, session: string): void };

/** Faults after which an invocation may fail: all that change a request's answer. */
const MAY_FAIL: ReadonlySet<FaultKind | 'died'> = new Set(FAULT_KINDS.filter((kind) => !ANSWERED.has(kind)));

export function openWatch(): Watch {
  const stepHits = createStepHits();
  const recorder: Recorder = {
    asked: 0,
    broken: [],
    started: new Map(),
    sent: [],
    hitSends: new Map(),
    granted: [],
    hitGrants: new Map(),
    steps: stepHits.steps,
    rejectedSends: new Set(),
    deaths: new Map(),
    created: 0,
    createdTwice: [],
    acknowledgedSteps: 0,
    repeatedSteps: [],
  };
  /** By key, the transaction that wrote it, if one did. */
  const created = new Map<string, string | undefined>();
  /** `<arn> <operation>` of steps with acknowledged success. */
  const succeeded = new Set<string>();

  function claimOf(arn: string | undefined): string | undefined {
    const step = stepHits.underWay(arn);
    const started = arn === undefined ? undefined : recorder.started.get(arn);
    return step === undefined || started === undefined ? undefined : `${started.eventId}#${started.workflow}#${step.replace(SEND, '')}`;
  }

  function hit(arn: string | undefined, what: string): void {
    const claim = claimOf(arn);
    const step = stepHits.underWay(arn) ?? '';
    const hits = SEND.test(step) ? recorder.hitSends : GRANT.test(step) ? recorder.hitGrants : undefined;
    if (claim !== undefined) hits?.set(claim, [...(hits.get(claim) ?? []), what]);
  }

  function recordCreated({ kind, key }: NonNullable<ReadRequest['record']>, { item, transaction }: ReadRequest): void {
    const isRepeat = transaction !== undefined && created.get(key) === transaction;
    if (created.has(key) && !isRepeat) recorder.createdTwice.push(kind);
    created.set(key, transaction);
    recorder.created = created.size;
    if (kind === 'EVENT') observer.recorded(key.split('EVENT#')[1] ?? '', sessionIn(item));
  }

  /** Invocations that a fault hit. */
  const struck = new WeakSet<Sandbox>();

  function countEnd({ arn }: Sandbox): void {
    if (arn !== undefined) recorder.deaths.set(arn, (recorder.deaths.get(arn) ?? 0) + 1);
  }

  let observer: Listener = { asked: () => undefined, recorded: () => undefined };

  const watch: Watch = {
    recorder,
    listen: (listener) => {
      observer = listener;
    },
    asked({ checkpoint, record, createsOnce, item }, { arn }) {
      recorder.asked++;
      if (createsOnce && record?.kind === 'EVENT') observer.asked(sessionIn(item));
      for (const { Type, Action, Name = '', Id } of checkpoint?.updates ?? []) {
        if (Type !== 'STEP' || Action !== 'START' || checkpoint === undefined) continue;
        stepHits.began(checkpoint.arn, Name);
        if (succeeded.has(`${checkpoint.arn} ${Id}`)) recorder.repeatedSteps.push(`${Name} of ${claimedBy(recorder, checkpoint.arn)}`);
      }
      return claimOf(arn);
    },
    done({ request, read, sandbox, claim = 'no claim' }, reply) {
      if (reply.status === 200 && read.createsOnce && read.record) recordCreated(read.record, read);
      if (reply.status === 202 && read.start) recordStart(recorder, request, read.start.functionKey, reply);
      const messageId = read.isSend && reply.status === 200 ? /<MessageId>([^<]+)</.exec(String(reply.body))?.[1] : undefined;
      if (messageId !== undefined) recorder.sent.push({ messageId, claim });
      const granted = grantOf(read, reply, recorder.started.get(sandbox.arn ?? ''));
      if (granted !== undefined) recorder.granted.push(granted);
    },
    answered({ checkpoint }) {
      for (const { Type, Action, Id } of checkpoint?.updates ?? []) {
        if (Type !== 'STEP' || Action === 'START' || checkpoint === undefined) continue;
        stepHits.finished(checkpoint.arn);
        if (Action === 'SUCCEED') succeeded.add(`${checkpoint.arn} ${Id}`);
        recorder.acknowledgedSteps = succeeded.size;
      }
    },
    hit(kind, sandbox, read) {
      stepHits.hit(kind, sandbox.arn, read);
      if (read !== undefined && MAY_FAIL.has(kind)) struck.add(sandbox);
      const claim = claimOf(sandbox.arn);
      if (kind === 'throttled' && read?.isSend && claim !== undefined) recorder.rejectedSends.add(claim);
      else if (kind === 'died' || AMBIGUOUS.has(kind)) hit(sandbox.arn, read === undefined ? kind : `${read.seam.name}: ${kind}`);
    },
    died(sandbox, wasKilled) {
      if (wasKilled) countEnd(sandbox);
      watch.hit('died', sandbox);
    },
    failed(sandbox) {
      if (struck.has(sandbox)) countEnd(sandbox);
    },
    survived: (arn) => void recorder.deaths.delete(arn),
    broke: (error) => void recorder.broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  };
  return watch;
}

function recordStart(recorder: Recorder, { body }: AwsRequest, workflow: string, { headers }: HttpReply): void {
  const arn = headers?.['x-amz-durable-execution-arn'];
  const { tenant, account, eventId } = JSON.parse(body.toString('utf8')) as Started;
  if (typeof arn === 'string') recorder.started.set(arn, { workflow, tenant, account, eventId });
}

function claimedBy(recorder: Recorder, arn: string): string {
  const started = recorder.started.get(arn);
  return started === undefined ? 'an unknown execution' : `${started.eventId}#${started.workflow}`;
}

function sessionIn(item: ReadRequest['item']): string {
  const { session } = (item?.Item ?? {}) as { session?: { S?: string } };
  return session?.S ?? '';
}
