import { LambdaClient, ListDurableExecutionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { awsLimits } from '../../platform/aws-client.ts';
import type { WorkflowName } from '../../schemas/run/workflow.ts';
import { executionName } from './start-execution.ts';

export type IsRunning = (workflow: WorkflowName, eventId: string, redrive: number) => Promise<boolean>;

export function createExecutionStatusReader({ stage, functionPrefix }: { stage: string; functionPrefix: string }): IsRunning {
  const client = new LambdaClient(awsLimits());
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
