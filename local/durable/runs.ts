import { randomUUID } from 'node:crypto';
import type { ErrorObject } from '@aws-sdk/client-lambda';
import type { Clock } from '../clock.ts';
import { maxTimerMs } from '../clock.ts';
import type { Functions, InvocationOutcome } from '../functions/invocation.ts';
import type { State } from '../state.ts';
import { inTransaction } from '../state.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { Execution, ExecutionEnd, ExecutionStore } from './execution-store.ts';
import type { Operation } from './operation.ts';
import { elapse } from './operation.ts';
import type { OperationStore } from './operation-store.ts';

export type Invocation = {
  id: string;
  checkpoints: number;
  /** Operations that changed outside the function since its last checkpoint, by id. */
  unseen: Map<string, Operation>;
  /** A client that lost the reply repeats the request. */
  lastCheckpoint?: { clientToken: string; token: string; reply: string };
};

export type RunsOptions = {
  state: State;
  clock: Clock;
  functions: Functions;
  executions: ExecutionStore;
  operations: OperationStore;
  retentionSeconds: number;
  deadLetter?: DeadLetter;
};

export type Runs = ReturnType<typeof createRuns>;

/** Enough for two cores, few enough for a laptop's memory. */
const maximumConcurrency = 50;

/** Per invocation event, and per page of state. */
export const operationsPerPage = 1_000;

const dueBatch = 500;

/**
 * A failed invocation is retried with growing delays, 1 to 64 seconds by the clock. When all attempts fail, the run fails.
 *
 * Lambda documents the growing delays (https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-sdk-retries.html) but not when it
 * gives up.
 */
const invocationTries = 8;
const firstRetryDelayMs = 1_000;

/** Invokes the functions of runs: at once, after waits and retries, or when a callback is answered. */
export function createRuns(options: RunsOptions) {
  const { clock, executions, operations } = options;
  const invocations = new Map<string, Invocation>();
  const inFlight = new Set<Promise<void>>();
  const endListeners = new Map<string, (() => void)[]>();
  let started = false;
  let turn: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** Handles all changes of the same tick in one turn. */
  function wake(): void {
    if (started) turn ??= setImmediate(takeTurn);
  }

  function takeTurn(): void {
    turn = undefined;
    clearTimeout(timer);
    settleDue();
    invokeReady();
    const next = executions.nextDueAt(clock.now(), options.retentionSeconds * 1_000) ?? null;
    if (next !== null) timer = setTimeout(wake, Math.min(Math.max(next - clock.now(), 1), maxTimerMs));
  }

  function settleDue(): void {
    const now = clock.now();
    inTransaction(options.state, () => {
      for (let due = operations.due(now, dueBatch); due.length > 0; due = operations.due(now, dueBatch)) {
        for (const owned of due) changed(owned.execution, elapse(owned, now));
      }
      for (const execution of executions.timedOut(now)) {
        end(execution, { status: 'TIMED_OUT', error: { ErrorMessage: 'The execution timed out.', ErrorType: 'Execution.Timeout' } });
      }
      executions.forgetEndedBefore(now - options.retentionSeconds * 1_000);
    });
  }

  /** Stores a change from outside the function, and resumes the run. */
  function changed(sequence: number, tracked: Parameters<OperationStore['save']>[1]): void {
    operations.save(sequence, tracked);
    const execution = executions.bySequence(sequence);
    const invocation = execution && invocations.get(execution.arn);
    if (invocation) invocation.unseen.set(tracked.operation.Id, tracked.operation);
    else executions.wake(sequence, clock.now());
  }

  function invokeReady(): void {
    const free = maximumConcurrency - invocations.size;
    if (free <= 0) return;
    // Reads more, because the list includes runs that are being invoked.
    const waiting = executions.ready(clock.now(), maximumConcurrency + invocations.size).filter(({ arn }) => !invocations.has(arn));
    for (const execution of waiting.slice(0, free)) {
      const done = invoke(execution).finally(() => {
        inFlight.delete(done);
        wake();
      });
      inFlight.add(done);
    }
  }

  async function invoke(execution: Execution): Promise<void> {
    const invocation: Invocation = { id: randomUUID(), checkpoints: 0, unseen: new Map() };
    invocations.set(execution.arn, invocation);
    const { operations: known, nextPosition } = operations.page(execution.sequence, 0, operationsPerPage - 1);
    const outcome = await options.functions.invoke(execution.functionKey, {
      DurableExecutionArn: execution.arn,
      CheckpointToken: checkpointToken(invocation),
      InitialExecutionState: { Operations: [executionOperation(execution), ...known], NextMarker: nextPosition?.toString() },
    });
    // Ignore the reply when the run was stopped or timed out meanwhile.
    if (invocations.get(execution.arn) !== invocation) return;
    invocations.delete(execution.arn);
    inTransaction(options.state, () => settle(execution, invocation, outcome));
  }

  function settle(execution: Execution, invocation: Invocation, outcome: InvocationOutcome): void {
    if (!outcome.ok) {
      tryAgain(execution, { ErrorType: outcome.errorType, ErrorMessage: outcome.errorMessage });
      return;
    }
    const changedMeanwhile = invocation.unseen.size > 0;
    const finished = endBy(outcome.payload, changedMeanwhile || operations.hasPending(execution.sequence));
    if (finished) end(execution, finished);
    else executions.schedule(execution.sequence, changedMeanwhile ? clock.now() : null, 0);
  }

  function tryAgain(execution: Execution, error: ErrorObject): void {
    const failures = execution.failedInvocations + 1;
    if (failures >= invocationTries) end(execution, { status: 'FAILED', error });
    else executions.schedule(execution.sequence, clock.now() + firstRetryDelayMs * 2 ** (failures - 1), failures);
  }

  function end(execution: Execution, outcome: ExecutionEnd): void {
    executions.end(execution.sequence, outcome, clock.now());
    if (outcome.status === 'FAILED' || outcome.status === 'TIMED_OUT') options.deadLetter?.(execution, outcome);
    invocations.delete(execution.arn);
    for (const listener of endListeners.get(execution.arn) ?? []) listener();
    endListeners.delete(execution.arn);
  }

  clock.onAdvance(wake);
  return {
    wake,
    settleDue,
    changed,
    end,
    /** Only the latest token of the latest invocation is valid. */
    holder(arn: string, token: string | null | undefined): Invocation | undefined {
      const invocation = invocations.get(arn);
      return invocation && token === checkpointToken(invocation) ? invocation : undefined;
    },
    invocationOf: (arn: string) => invocations.get(arn),
    finished: (arn: string) =>
      new Promise<void>((resolve) => {
        if (executions.byArn(arn)?.status !== 'RUNNING') resolve();
        else endListeners.set(arn, [...(endListeners.get(arn) ?? []), resolve]);
      }),
    start(): void {
      started = true;
      wake();
    },
    pending(withinMs = 0): number {
      const now = clock.now() + withinMs;
      const waiting = executions.ready(now, dueBatch).filter(({ arn }) => !invocations.has(arn));
      return inFlight.size + waiting.length + operations.due(now, dueBatch).length + executions.timedOut(now).length;
    },
    async stop(): Promise<void> {
      started = false;
      clearImmediate(turn);
      turn = undefined;
      clearTimeout(timer);
      await Promise.all(inFlight);
    },
  };
}

/** In memory only: an invocation never outlives the process. */
export function checkpointToken(invocation: Invocation): string {
  return Buffer.from(`${invocation.id}#${invocation.checkpoints}`).toString('base64');
}

function executionOperation(execution: Execution): Operation {
  return {
    Id: execution.arn.slice(execution.arn.lastIndexOf('/') + 1),
    Name: execution.name,
    Type: 'EXECUTION',
    Status: 'STARTED',
    StartTimestamp: new Date(execution.startedAt).toISOString(),
    ExecutionDetails: { InputPayload: execution.input },
  };
}

/** Undefined when the run is suspended. */
function endBy(payload: unknown, mayBeSuspended: boolean): ExecutionEnd | undefined {
  const reply = (payload ?? {}) as { Status?: string; Result?: string; Error?: ErrorObject };
  if (reply.Status === 'SUCCEEDED') return { status: 'SUCCEEDED', result: reply.Result };
  if (reply.Status === 'FAILED') return { status: 'FAILED', error: reply.Error ?? {} };
  if (reply.Status !== 'PENDING') return broken('Invalid Status in invocation output.');
  return mayBeSuspended ? undefined : broken('Cannot return PENDING status with no pending operations.');
}

function broken(message: string): ExecutionEnd {
  return { status: 'FAILED', error: { ErrorType: 'InvalidParameterValueException', ErrorMessage: message } };
}
