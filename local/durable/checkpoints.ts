import type { OperationUpdate } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { State } from '../state.ts';
import { inTransaction } from '../state.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import { invalidParameter, LambdaError, parseJsonObject, parseMarker } from './lambda-error.ts';
import type { Operation } from './operation.ts';
import { answerCallback, applyUpdate, beat, toReply } from './operation.ts';
import type { OperationStore, OwnedOperation } from './operation-store.ts';
import type { Invocation, Runs } from './runs.ts';
import { checkpointToken, operationsPerPage } from './runs.ts';

export type CheckpointRequest = { CheckpointToken?: string; ClientToken?: string; Updates?: OperationUpdate[] };

/** `applyUpdate` validates the updates in detail. */
const CheckpointBody = z.object({
  CheckpointToken: z.string().optional(),
  ClientToken: z.string().optional(),
  Updates: z.array(z.looseObject({ Id: z.string(), Type: z.string(), Action: z.string() })).optional(),
});

/** @throws LambdaError when the body is not a checkpoint. */
export function parseCheckpoint(body: string): CheckpointRequest {
  const parsed = CheckpointBody.safeParse(parseJsonObject(body));
  if (!parsed.success) throw invalidParameter(z.prettifyError(parsed.error));
  return parsed.data as CheckpointRequest;
}

export type CheckpointsOptions = { state: State; clock: Clock; executions: ExecutionStore; operations: OperationStore; runs: Runs };

/** Lambda's limit per execution. */
const maximumOperations = 3_000;

/** Every change is on disk before it is answered. */
export function createCheckpoints(options: CheckpointsOptions) {
  const { clock, executions, operations, runs } = options;

  /** Applies all updates of a checkpoint or none. Returns JSON with the changed operations and the next token. */
  function checkpoint(arn: string, request: CheckpointRequest): string {
    const again = runs.invocationOf(arn)?.lastCheckpoint;
    if (again && request.ClientToken === again.clientToken && request.CheckpointToken === again.token) return again.reply;
    const { execution, invocation } = holder(arn, request.CheckpointToken);
    // A checkpoint without updates asks whether a wait has ended, and may arrive just before the timer fires.
    if (!request.Updates?.length) runs.settleDue();
    const changes = inTransaction(options.state, () => applyUpdates(execution, request.Updates ?? []));
    for (const operation of changes) invocation.unseen.delete(operation.Id);
    const answered = [...changes, ...invocation.unseen.values()];
    invocation.unseen.clear();
    invocation.checkpoints += 1;
    const reply = JSON.stringify({
      CheckpointToken: checkpointToken(invocation),
      NewExecutionState: { Operations: answered.map((operation) => toReply(operation)) },
    });
    if (request.ClientToken && request.CheckpointToken) {
      invocation.lastCheckpoint = { clientToken: request.ClientToken, token: request.CheckpointToken, reply };
    }
    runs.wake();
    return reply;
  }

  function applyUpdates(execution: Execution, updates: OperationUpdate[]): Operation[] {
    const changes = new Map<string, Operation>();
    for (const update of updates) {
      if (update.Type === 'EXECUTION') {
        // A result that is too large for a reply arrives as a checkpoint, and ends the run.
        const status = update.Action === 'FAIL' ? 'FAILED' : 'SUCCEEDED';
        runs.end(execution, { status, result: update.Payload, error: update.Error });
        continue;
      }
      const stored = operations.get(execution.sequence, update.Id ?? '');
      if (!stored && operations.count(execution.sequence) >= maximumOperations) {
        throw invalidParameter(`An execution has at most ${maximumOperations} operations.`);
      }
      const tracked = applyUpdate(stored?.operation, update, clock.now());
      operations.save(execution.sequence, tracked);
      changes.set(tracked.operation.Id, tracked.operation);
    }
    return [...changes.values()];
  }

  /** For runs with more operations than fit into an invocation's event. */
  function pageOfState(arn: string, token: string | null, marker: string | null): Record<string, unknown> {
    const { execution } = holder(arn, token);
    const page = operations.page(execution.sequence, parseMarker(marker) ?? 0, operationsPerPage);
    return { Operations: page.operations.map((operation) => toReply(operation)), NextMarker: page.nextPosition?.toString() };
  }

  function holder(arn: string, token: string | null | undefined): { execution: Execution; invocation: Invocation } {
    const execution = executions.byArn(arn);
    if (!execution) throw new LambdaError('ResourceNotFoundException', 404, 'Durable Execution does not exist');
    const invocation = runs.holder(arn, token);
    // The SDK recognises an invalid token by this exact message. Its invocation then ends, and the run continues in another.
    if (!invocation) throw invalidParameter('Invalid Checkpoint Token');
    return { execution, invocation };
  }

  function answer(callbackId: string, status: 'SUCCEEDED' | 'FAILED', outcome: Parameters<typeof answerCallback>[2]): void {
    const callback = openCallback(callbackId);
    inTransaction(options.state, () => runs.changed(callback.execution, answerCallback(callback.operation, status, outcome, clock.now())));
    runs.wake();
  }

  function heartbeat(callbackId: string): void {
    const callback = openCallback(callbackId);
    operations.save(callback.execution, beat(callback, clock.now()));
    runs.wake();
  }

  function openCallback(callbackId: string): OwnedOperation {
    // A due callback has timed out, even before its timer fires.
    runs.settleDue();
    const callback = operations.byCallback(callbackId);
    const running = callback && executions.bySequence(callback.execution)?.status === 'RUNNING';
    if (callback?.operation.Status === 'STARTED' && running) return callback;
    throw new LambdaError('CallbackTimeoutException', 400, 'The callback is either timed out or already completed');
  }

  return { checkpoint, pageOfState, answer, heartbeat };
}
