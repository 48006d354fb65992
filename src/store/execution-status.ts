import { LambdaClient, ListDurableExecutionsByFunctionCommand } from '@aws-sdk/client-lambda';
import type { WorkflowName } from '../schemas/workflow.ts';
import { executionName } from './executions.ts';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
const REQUEST_TIMEOUT_MILLISECONDS = 5_000;

export type IsRunning = (workflow: WorkflowName, eventId: string, redrive: number) => Promise<boolean>;

export function createExecutionStatusReader({ stage, functionPrefix }: { stage: string; functionPrefix: string }): IsRunning {
  const client = new LambdaClient({
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
  return async (workflow, eventId, redrive) => {
    const name = executionName(stage, workflow, eventId, redrive);
    const { DurableExecutions = [] } = await client.send(
      new ListDurableExecutionsByFunctionCommand({
        FunctionName: `${functionPrefix}-${workflow}`,
        DurableExecutionName: name,
        Statuses: ['RUNNING'],
      }),
    );
    return DurableExecutions.some(({ DurableExecutionName }) => DurableExecutionName === name);
  };
}
