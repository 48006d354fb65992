import type { ErrorObject } from '@aws-sdk/client-lambda';
import type { Clock } from '../clock.ts';
import type { State } from '../state.ts';
import { inTransaction } from '../state.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import type { FunctionNames } from './function-names.ts';
import { functionArn, publishedVersion, resolveFunction } from './function-names.ts';
import type { LambdaRequest } from './lambda-api.ts';
import { invalidParameter, LambdaError, parseMarker } from './lambda-error.ts';
import type { Runs } from './runs.ts';

export type ExecutionQueriesOptions = { state: State; clock: Clock; names: FunctionNames; executions: ExecutionStore; runs: Runs };

export function createExecutionQueries({ state, clock, names, executions, runs }: ExecutionQueriesOptions) {
  function find(arn: string): Execution {
    const execution = executions.byArn(arn);
    if (!execution) throw new LambdaError('ResourceNotFoundException', 404, 'Durable Execution does not exist');
    return execution;
  }

  function summary(execution: Execution): Record<string, unknown> {
    return {
      DurableExecutionArn: execution.arn,
      DurableExecutionName: execution.name,
      FunctionArn: `${functionArn(names, `${names.functionPrefix}-${execution.functionKey}`)}:${publishedVersion}`,
      Status: execution.status,
      StartTimestamp: execution.startedAt / 1_000,
      EndTimestamp: execution.finishedAt === undefined ? undefined : execution.finishedAt / 1_000,
    };
  }

  function get(arn: string): Record<string, unknown> {
    const execution = find(arn);
    const { input, result, error } = execution;
    return { ...summary(execution), InputPayload: input, Result: result, Error: error, Version: publishedVersion };
  }

  /** Its function learns of the stop at its next checkpoint. Does nothing for a run that has ended. */
  function stop(arn: string, error: ErrorObject): Record<string, unknown> {
    const execution = find(arn);
    if (execution.status === 'RUNNING') inTransaction(state, () => runs.end(execution, { status: 'STOPPED', error }));
    return { StopTimestamp: (find(arn).finishedAt ?? clock.now()) / 1_000 };
  }

  function list(functionName: string, query: LambdaRequest['query']): Record<string, unknown> {
    const { key } = resolveFunction(names, functionName, query.get('Qualifier'));
    const limit = Math.min(Math.max(parseMarker(query.get('MaxItems')) ?? 100, 1), 1_000);
    const statuses = query.getAll('Statuses');
    const filter = {
      functionKey: key,
      name: query.get('DurableExecutionName'),
      statuses: statuses.length > 0 ? statuses : null,
      startedAfter: time(query.get('StartedAfter')),
      startedBefore: time(query.get('StartedBefore')),
    };
    const after = parseMarker(query.get('Marker'));
    const found = executions.list(filter, { oldestFirst: query.get('ReverseOrder') === 'true', after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const nextMarker = found.length > limit ? page.at(-1)?.sequence.toString() : undefined;
    return { DurableExecutions: page.map((execution) => summary(execution)), NextMarker: nextMarker };
  }

  return { get, stop, list };
}

function time(given: string | null): number | null {
  const at = given === null ? null : Date.parse(given);
  if (Number.isNaN(at)) throw invalidParameter(`${given} is no time.`);
  return at;
}
