import type { Clock } from '../clock.ts';
import type { Functions } from '../functions/invocation.ts';
import type { State } from '../state.ts';
import { createCheckpoints, parseCheckpoint } from './checkpoints.ts';
import type { DeadLetter } from './dead-letters.ts';
import { createExecutionQueries } from './execution-queries.ts';
import { createExecutionStore } from './execution-store.ts';
import type { DeployedFunction } from './function-names.ts';
import { createInvoke } from './invoke.ts';
import type { LambdaReply, LambdaRequest } from './lambda-api.ts';
import { invalidParameter, LambdaError, parseJsonObject } from './lambda-error.ts';
import { createOperationStore } from './operation-store.ts';
import { createRuns } from './runs.ts';

export type DurableExecutions = {
  /** Handles a request of Lambda's REST API; undefined when the path is not Lambda's. */
  handle(request: LambdaRequest): Promise<LambdaReply | undefined>;
  /** Resumes executions from before a restart, then follows the clock. */
  start(): void;
  /** How many executions run, or are due within these milliseconds. The others wait for later or for a callback, or have ended. */
  pending(withinMs?: number): number;
  /** Starts no more invocations and waits for running ones. Keep calling `handle` meanwhile: they still checkpoint. */
  stop(): Promise<void>;
};

export type DurableExecutionsOptions = {
  state: State;
  clock: Clock;
  functions: Functions;
  region: string;
  accountId: string;
  /** Function names are `<functionPrefix>-<function key>`. */
  functionPrefix: string;
  /** By function key. */
  deployed: Record<string, DeployedFunction>;
  /** How long a finished execution and its name are kept, by the clock. Lambda's default: 14 days. */
  retentionSeconds?: number;
  deadLetter?: DeadLetter;
};

type Route = { method: string; path: RegExp; answer(parameter: string, request: LambdaRequest): LambdaReply | Promise<LambdaReply> };

const fourteenDaysInSeconds = 14 * 24 * 60 * 60;

/**
 * Emulates Lambda's durable executions behind Lambda's REST API.
 *
 * Every start, checkpoint and callback is on disk before it is answered. After kill -9 and a restart, each execution resumes from its last
 * checkpoint, and nothing checkpointed runs twice.
 */
export function createDurableExecutions(options: DurableExecutionsOptions): DurableExecutions {
  const executions = createExecutionStore(options.state);
  const operations = createOperationStore(options.state);
  const retentionSeconds = options.retentionSeconds ?? fourteenDaysInSeconds;
  const runs = createRuns({ ...options, executions, operations, retentionSeconds });
  const checkpoints = createCheckpoints({ ...options, executions, operations, runs });
  const invoke = createInvoke({ ...options, names: options, executions, runs });
  const queries = createExecutionQueries({ ...options, names: options, executions, runs });

  const run = '/2025-12-01/durable-executions/([^/]+)';
  const callback = '/2025-12-01/durable-execution-callbacks/([^/]+)';
  const routes: Route[] = [
    { method: 'POST', path: exactly('/2015-03-31/functions/([^/]+)/invocations'), answer: invoke },
    {
      method: 'GET',
      path: exactly('/2025-12-01/functions/([^/]+)/durable-executions'),
      answer: (name, { query }) => json(queries.list(name, query)),
    },
    { method: 'GET', path: exactly(run), answer: (arn) => json(queries.get(arn)) },
    {
      method: 'POST',
      path: exactly(`${run}/checkpoint`),
      answer: (arn, { body }) => ({ status: 200, headers: jsonHeaders, body: checkpoints.checkpoint(arn, parseCheckpoint(body)) }),
    },
    {
      method: 'GET',
      path: exactly(`${run}/state`),
      answer: (arn, { query }) => json(checkpoints.pageOfState(arn, query.get('CheckpointToken'), query.get('Marker'))),
    },
    { method: 'POST', path: exactly(`${run}/stop`), answer: (arn, { body }) => json(queries.stop(arn, parseJsonObject(body))) },
    {
      method: 'POST',
      path: exactly(`${callback}/succeed`),
      answer: (id, { body }) => json(checkpoints.answer(id, 'SUCCEEDED', { Result: body })),
    },
    {
      method: 'POST',
      path: exactly(`${callback}/fail`),
      answer: (id, { body }) => json(checkpoints.answer(id, 'FAILED', { Error: parseJsonObject(body) })),
    },
    { method: 'POST', path: exactly(`${callback}/heartbeat`), answer: (id) => json(checkpoints.heartbeat(id)) },
  ];

  return {
    async handle(request) {
      for (const route of routes) {
        const parameter = route.path.exec(request.path)?.[1];
        if (parameter === undefined || route.method !== request.method) continue;
        try {
          return await route.answer(decode(parameter), request);
        } catch (error) {
          if (error instanceof LambdaError) return problem(error);
          throw error;
        }
      }
      return undefined;
    },
    start: runs.start,
    pending: runs.pending,
    stop: runs.stop,
  };
}

function decode(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch (error) {
    if (error instanceof URIError) throw invalidParameter(`The path is not percent-encoded: ${parameter}`);
    throw error;
  }
}

const jsonHeaders = { 'content-type': 'application/json' };

function exactly(path: string): RegExp {
  return new RegExp(`^${path}/?$`);
}

function json(body: unknown): LambdaReply {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(body ?? {}) };
}

function problem(error: LambdaError): LambdaReply {
  const headers = { ...jsonHeaders, 'x-amzn-errortype': error.name };
  return { status: error.status, headers, body: JSON.stringify({ Type: 'User', Message: error.message, message: error.message }) };
}
