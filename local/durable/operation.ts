import { randomUUID } from 'node:crypto';
import type { ErrorObject, OperationStatus, OperationType, OperationUpdate } from '@aws-sdk/client-lambda';
import { invalidParameter } from './lambda-error.ts';

/** Times are ISO 8601, as in an invocation's event. */
export type Operation = {
  Id: string;
  ParentId?: string;
  Name?: string;
  Type: OperationType;
  SubType?: string;
  Status: OperationStatus;
  StartTimestamp: string;
  EndTimestamp?: string;
  ExecutionDetails?: { InputPayload: string };
  ContextDetails?: Outcome & { ReplayChildren?: boolean };
  StepDetails?: Outcome & { Attempt: number; NextAttemptTimestamp?: string };
  WaitDetails?: { ScheduledEndTimestamp: string };
  CallbackDetails?: Outcome & { CallbackId: string };
};

type Outcome = { Result?: string | undefined; Error?: ErrorObject | undefined };

/** Times in milliseconds since the epoch. */
export type TrackedOperation = {
  operation: Operation;
  /** When the timer fires: a wait ends, a retry is due, a callback times out. */
  dueAt?: number | undefined;
  /** When a callback times out regardless of heartbeats. */
  timeoutAt?: number | undefined;
  heartbeatSeconds?: number | undefined;
};

const finalStatuses: OperationStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'STOPPED'];

/**
 * Applies one update of a checkpoint.
 *
 * Source of the transitions: https://docs.aws.amazon.com/lambda/latest/api/API_OperationUpdate.html
 *
 * @throws LambdaError when the update does not fit the operation.
 */
export function applyUpdate(stored: Operation | undefined, update: OperationUpdate, now: number): TrackedOperation {
  if (stored && (stored.Type !== update.Type || finalStatuses.includes(stored.Status))) {
    throw invalidParameter(`Invalid update of operation ${update.Id}: it is a ${stored.Type} in status ${stored.Status}.`);
  }
  const apply = transitions[`${update.Type}/${update.Action}`];
  if (!apply) throw invalidParameter(`The local service does not know the action ${update.Action} of a ${update.Type}.`);
  return apply(stored ?? begin(update, now), update, now);
}

type Transition = (operation: Operation, update: OperationUpdate, now: number) => TrackedOperation;

const transitions: Partial<Record<string, Transition>> = {
  'STEP/START': (operation) => ({
    operation: { ...operation, Status: 'STARTED', StepDetails: withoutNextAttempt(operation) },
  }),
  'STEP/RETRY': retryStep,
  'STEP/SUCCEED': (operation, update, now) => ({ operation: end(attempted(operation, update), 'SUCCEEDED', now) }),
  'STEP/FAIL': (operation, update, now) => ({ operation: end(attempted(operation, update), 'FAILED', now) }),
  'WAIT/START': startWait,
  'WAIT/CANCEL': (operation, _update, now) => ({ operation: end(operation, 'CANCELLED', now) }),
  'CALLBACK/START': startCallback,
  'CONTEXT/START': (operation) => ({ operation }),
  'CONTEXT/SUCCEED': (operation, update, now) => ({ operation: end(contextEnded(operation, update), 'SUCCEEDED', now) }),
  'CONTEXT/FAIL': (operation, update, now) => ({ operation: end(contextEnded(operation, update), 'FAILED', now) }),
};

function begin(update: OperationUpdate, now: number): Operation {
  if (!update.Id || !update.Type) throw invalidParameter('An operation needs an Id and a Type.');
  return {
    Id: update.Id,
    ...(update.ParentId ? { ParentId: update.ParentId } : {}),
    ...(update.Name ? { Name: update.Name } : {}),
    ...(update.SubType ? { SubType: update.SubType } : {}),
    Type: update.Type,
    Status: 'STARTED',
    StartTimestamp: iso(now),
  };
}

function end(operation: Operation, status: OperationStatus, now: number): Operation {
  return { ...operation, Status: status, EndTimestamp: iso(now) };
}

/** `Attempt` counts finished attempts; the SDK adds the running one. */
function attempted(operation: Operation, update: OperationUpdate): Operation {
  const attempts = (operation.StepDetails?.Attempt ?? 0) + 1;
  return { ...operation, StepDetails: { Attempt: attempts, Result: update.Payload, Error: update.Error } };
}

function withoutNextAttempt(operation: Operation): NonNullable<Operation['StepDetails']> {
  const { NextAttemptTimestamp: _over, ...details } = operation.StepDetails ?? { Attempt: 0 };
  return details;
}

function retryStep(operation: Operation, update: OperationUpdate, now: number): TrackedOperation {
  const dueAt = now + (update.StepOptions?.NextAttemptDelaySeconds ?? 1) * 1_000;
  const tried = attempted(operation, update);
  const details = { Attempt: 1, ...tried.StepDetails, NextAttemptTimestamp: iso(dueAt) };
  return { operation: { ...tried, Status: 'PENDING', StepDetails: details }, dueAt };
}

function startWait(operation: Operation, update: OperationUpdate, now: number): TrackedOperation {
  const dueAt = now + (update.WaitOptions?.WaitSeconds ?? 1) * 1_000;
  return { operation: { ...operation, WaitDetails: { ScheduledEndTimestamp: iso(dueAt) } }, dueAt };
}

function startCallback(operation: Operation, update: OperationUpdate, now: number): TrackedOperation {
  // 0 means no timeout.
  const timeoutAt = update.CallbackOptions?.TimeoutSeconds ? now + update.CallbackOptions.TimeoutSeconds * 1_000 : undefined;
  const heartbeatSeconds = update.CallbackOptions?.HeartbeatTimeoutSeconds || undefined;
  const callbackId = Buffer.from(randomUUID()).toString('base64url');
  return beat({ operation: { ...operation, CallbackDetails: { CallbackId: callbackId } }, timeoutAt, heartbeatSeconds }, now);
}

function contextEnded(operation: Operation, update: OperationUpdate): Operation {
  const replay = update.ContextOptions?.ReplayChildren;
  const details = { ...(replay === undefined ? {} : { ReplayChildren: replay }), Result: update.Payload, Error: update.Error };
  return { ...operation, ContextDetails: details };
}

export function beat(tracked: TrackedOperation, now: number): TrackedOperation {
  const silentAt = tracked.heartbeatSeconds ? now + tracked.heartbeatSeconds * 1_000 : Number.POSITIVE_INFINITY;
  const dueAt = Math.min(silentAt, tracked.timeoutAt ?? Number.POSITIVE_INFINITY);
  return { ...tracked, dueAt: Number.isFinite(dueAt) ? dueAt : undefined };
}

export function answerCallback(operation: Operation, status: 'SUCCEEDED' | 'FAILED', outcome: Outcome, now: number): TrackedOperation {
  const callbackId = operation.CallbackDetails?.CallbackId ?? '';
  return { operation: { ...end(operation, status, now), CallbackDetails: { CallbackId: callbackId, ...outcome } } };
}

export function elapse(tracked: TrackedOperation, now: number): TrackedOperation {
  const { operation } = tracked;
  if (operation.Type === 'STEP') return { operation: { ...operation, Status: 'READY' } };
  if (operation.Type === 'WAIT') return { operation: end(operation, 'SUCCEEDED', now) };
  const wholeWait = tracked.timeoutAt !== undefined && tracked.timeoutAt <= now;
  const error = wholeWait
    ? { ErrorMessage: 'Callback timed out', ErrorType: 'Callback.Timeout' }
    : { ErrorMessage: 'Callback timed out on heartbeat', ErrorType: 'Callback.Heartbeat' };
  const callbackId = operation.CallbackDetails?.CallbackId ?? '';
  return { operation: { ...end(operation, 'TIMED_OUT', now), CallbackDetails: { CallbackId: callbackId, Error: error } } };
}

/** Whether a run may suspend: something outside the function will change the operation. */
export function isPending(operation: Operation): boolean {
  if (operation.Type === 'STEP') return operation.Status === 'PENDING';
  return (operation.Type === 'WAIT' || operation.Type === 'CALLBACK') && operation.Status === 'STARTED';
}

/** The REST API uses seconds since the epoch. */
export function toReply(operation: Operation): Record<string, unknown> {
  const { StepDetails: step, WaitDetails: wait } = operation;
  return {
    ...operation,
    StartTimestamp: epochSeconds(operation.StartTimestamp),
    EndTimestamp: epochSeconds(operation.EndTimestamp),
    ...(step ? { StepDetails: { ...step, NextAttemptTimestamp: epochSeconds(step.NextAttemptTimestamp) } } : {}),
    ...(wait ? { WaitDetails: { ScheduledEndTimestamp: epochSeconds(wait.ScheduledEndTimestamp) } } : {}),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function epochSeconds(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time) / 1_000;
}
