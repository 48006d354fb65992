import type { AwsRequest } from '../../local/aws-endpoint.ts';
import type { HttpReply } from '../../local/http-server.ts';
import { AMBIGUOUS, ANSWERED, FAULT_KINDS, type FaultKind } from './faults/fault-kinds.ts';
import type { ReadRequest } from './faults/read-request.ts';
import { type Granted, grantOf } from './grants.ts';
import type { Sandbox } from './sandboxes.ts';
import { createStepHits, GRANT, SEND, type StepHits } from './step-hits.ts';

/** What a durable execution was started for. */
export type Started = { workflow: string; tenant: string; account: string; eventId: string };

/** A message that a carrier took. `claim`: which message of which run, `<eventId>#<workflow>#<step>`. */
export type SentMessage = { messageId: string; claim: string };

/**
 * What was seen at the endpoint: what the stand-ins for AWS did and said, whatever became of their answers. It is taken down beside the
 * service, not read from it.
 */
export type Recorder = {
  /** Requests that the service made. */
  asked: number;
  /** What failed in the proof's own parts. */
  broken: string[];
  /** By ARN. */
  started: Map<string, Started>;
  sent: SentMessage[];
  /** By claim, what hit it between the start of its send and the word on how it ended, of which nobody can know whether it went. */
  hitSends: Map<string, string[]>;
  /** What Totogi gave, by the run that asked for it. */
  granted: Granted[];
  /** By claim, what hit a step in which a run had Totogi give what was accepted. */
  hitGrants: Map<string, string[]>;
  steps: StepHits['steps'];
  /** Claims of which the carrier said that it did not take them. */
  rejectedSends: Set<string>;
  /** How often in a row an execution's invocation was killed by the proof, or failed after a fault hit one of its own requests. */
  deaths: Map<string, number>;
  /** How many records were written on condition that there is none, and the kinds of those that were written all the same. */
  created: number;
  createdTwice: string[];
  acknowledgedSteps: number;
  /** Steps that began again though their success had been acknowledged. */
  repeatedSteps: string[];
};

/** A request, who made it, and for which message. */
export type Asked = { request: AwsRequest; read: ReadRequest; sandbox: Sandbox; claim: string | undefined };

/** The part of the recorder that the endpoint tells what it sees. */
export type Watch = {
  recorder: Recorder;
  /** Before anything is done for a request. Answers for which message its run is at work, by claim: a slow request may outlive its sandbox. */
  asked(read: ReadRequest, sandbox: Sandbox): string | undefined;
  /** After it was done, with the stand-in's own answer. */
  done(asked: Asked, reply: HttpReply): void;
  /** The answer as it stands went to whoever asked. */
  answered(read: ReadRequest): void;
  /** A fault hit a request or, without one, the sandbox. */
  hit(kind: FaultKind | 'died', sandbox: Sandbox, read?: ReadRequest): void;
  /** A sandbox ended before its invocation did: killed by the proof, or by itself. */
  died(sandbox: Sandbox, wasKilled: boolean): void;
  /** An invocation ended with an error of its own. */
  failed(sandbox: Sandbox): void;
  /** An invocation ended by itself. */
  survived(arn: string): void;
  /** Something failed in the proof's own parts. */
  broke(error: unknown): void;
  listen(listener: Listener): void;
};

/** Is told of each notification, by its session, that the service asks to put on record, and by its id too when it is there. */
export type Listener = { asked(session: string): void; recorded(eventId: string, session: string): void };

/** Faults after which an invocation may fail: all that give its request another answer than it has without them. */
const MAY_FAIL: ReadonlySet<FaultKind | 'died'> = new Set(FAULT_KINDS.filter((kind) => !ANSWERED.has(kind)));

/** Opens the watch, with nothing seen. */
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
  /** `<arn> <operation>` of steps whose success was acknowledged. */
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
      if (reply.status === 202 && read.start) recordStart(recorder, request, read.start.workflow, reply);
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
