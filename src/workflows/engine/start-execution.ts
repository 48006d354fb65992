import { DurableExecutionAlreadyStartedException, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsLimits } from '../../platform/aws-client.ts';
import type { WorkflowName } from '../../schemas/run/workflow.ts';
import type { WorkflowStart } from '../../schemas/run/workflow-start.ts';

/**
 * Starts a workflow's run for an event. Does nothing when it was started before.
 *
 * @param redrive from 1 when a failed run starts again: Lambda reserves an execution's name for as long as it keeps the history.
 */
export type StartExecution = (workflow: WorkflowName, start: WorkflowStart, redrive?: number) => Promise<void>;

/** A redrive appends its number. The longest stage name leaves room for four digits. */
export function executionName(stage: string, workflow: WorkflowName, eventId: string, redrive = 0): string {
  return `${stage}-${workflow}-${eventId}${redrive === 0 ? '' : `-r${redrive}`}`;
}

/**
 * Starts executions by name: `<stage>-<workflow>-<eventId>`. For a known name, Lambda returns the existing execution only when the payload
 * is identical, so the payload contains ids only.
 */
export function createExecutionStarter({ stage, functionPrefix }: { stage: string; functionPrefix: string }): StartExecution {
  const client = new LambdaClient(awsLimits());
  return async (workflow, { tenant, account, eventId }, redrive) => {
    const invocation = new InvokeCommand({
      FunctionName: `${functionPrefix}-${workflow}`,
      Qualifier: 'durable',
      InvocationType: 'Event',
      DurableExecutionName: executionName(stage, workflow, eventId, redrive),
      Payload: JSON.stringify({ tenant, account, eventId }),
    });
    try {
      await client.send(invocation);
    } catch (error) {
      // The name is taken, so the run exists, even if its payload differs.
      if (!(error instanceof DurableExecutionAlreadyStartedException)) throw error;
    }
  };
}
