import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Functions } from '../functions/invocation.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import type { FunctionNames, FunctionTarget } from './function-names.ts';
import { functionArn, publishedVersion, requireQualifier, resolveFunction } from './function-names.ts';
import type { LambdaReply, LambdaRequest } from './lambda-api.ts';
import { invalidParameter, LambdaError } from './lambda-error.ts';
import type { Runs } from './runs.ts';

export type InvokeOptions = { clock: Clock; functions: Functions; names: FunctionNames; executions: ExecutionStore; runs: Runs };

type DurableTarget = FunctionTarget & { executionTimeoutSeconds: number };

/** Lambda's limits in bytes and seconds. */
const largestPayload = { Event: 1024 * 1024, RequestResponse: 6 * 1024 * 1024 };
const maxSynchronousRunSeconds = 15 * 60;

export function createInvoke({ clock, functions, names, executions, runs }: InvokeOptions) {
  async function invoke(functionName: string, request: LambdaRequest): Promise<LambdaReply> {
    const target = resolveFunction(names, functionName, request.query.get('Qualifier'));
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const { durable } = target.deployed;
    if (durable) requireQualifier(target);
    if (type === 'DryRun') return { status: 204, body: '' };
    if (type !== 'Event' && type !== 'RequestResponse') throw invalidParameter(`Unknown invocation type ${type}.`);
    checkPayload(request.body, largestPayload[type]);
    if (durable) return invokeDurable({ ...target, executionTimeoutSeconds: durable.executionTimeoutSeconds }, type, request);
    if (type === 'RequestResponse') return invokePlain(target.key, request.body);
    throw invalidParameter('The local service starts only durable functions asynchronously: it has no retries for the others.');
  }

  async function invokePlain(key: string, payload: string): Promise<LambdaReply> {
    const outcome = await functions.invoke(key, JSON.parse(payload || '{}'));
    if (outcome.ok) return { status: 200, headers: { 'x-amz-executed-version': '$LATEST' }, body: JSON.stringify(outcome.payload) };
    const { errorType, errorMessage } = outcome;
    return functionError({ errorType, errorMessage });
  }

  async function invokeDurable(target: DurableTarget, type: string, request: LambdaRequest): Promise<LambdaReply> {
    if (type === 'RequestResponse' && target.executionTimeoutSeconds > maxSynchronousRunSeconds) {
      throw invalidParameter('You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes.');
    }
    const { arn } = begin(target, request.headers['x-amz-durable-execution-name'], request.body || '{}');
    runs.wake();
    const headers = { 'x-amz-durable-execution-arn': arn };
    if (type === 'Event') return { status: 202, headers, body: '' };
    await runs.finished(arn);
    const execution = executions.byArn(arn);
    if (execution?.status === 'SUCCEEDED') return { status: 200, headers, body: execution.result ?? '' };
    const { ErrorType, ErrorMessage } = execution?.error ?? {};
    return functionError({ errorType: ErrorType, errorMessage: ErrorMessage }, headers);
  }

  /** Returns an existing run only when its payload is identical. A new run is on disk when this returns. */
  function begin(target: DurableTarget, givenName: string | undefined, input: string): Pick<Execution, 'arn'> {
    const name = givenName ?? randomUUID();
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
      throw invalidParameter('An execution name has 1 to 64 of the characters A-Z, a-z, 0-9, _ and -.');
    const existing = executions.byName(target.key, name);
    if (existing && existing.input !== input) {
      throw new LambdaError('DurableExecutionAlreadyStartedException', 409, `Execution already started: ${existing.arn}`);
    }
    if (existing) return existing;
    const startedAt = clock.now();
    const arn = `${functionArn(names, target.name)}:${publishedVersion}/durable-execution/${name}/${randomUUID()}`;
    const timesOutAt = startedAt + target.executionTimeoutSeconds * 1_000;
    executions.insert({ arn, functionKey: target.key, name, input, startedAt, timesOutAt });
    return { arn };
  }

  return invoke;
}

function checkPayload(payload: string, limit: number): void {
  if (Buffer.byteLength(payload) > limit) {
    throw new LambdaError('RequestTooLargeException', 413, `Request must be smaller than ${limit} bytes for the InvokeFunction operation`);
  }
  if (payload === '') return;
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new LambdaError('InvalidRequestContentException', 400, `Could not parse request body into json: ${String(error)}`);
  }
}

function functionError(
  error: { errorType: string | undefined; errorMessage: string | undefined },
  headers?: LambdaReply['headers'],
): LambdaReply {
  return { status: 200, headers: { ...headers, 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(error) };
}
