import { DurableExecutionAlreadyStartedException, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { WorkflowName } from '../schemas/workflow.ts';
import type { WorkflowStart } from '../schemas/workflow-start.ts';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
const REQUEST_TIMEOUT_MILLISECONDS = 5_000;

/**
 * Starts a workflow's run for an event, or finds that it was started before.
 *
 * @param redrive counts from 1 where a run that failed is started again: its name is taken for as long as its history lives.
 */
export type StartExecution = (workflow: WorkflowName, start: WorkflowStart, redrive?: number) => Promise<void>;

/** The name of an event's run. Of a redriven one it ends in the redrive's number; the longest stage leaves room for four digits. */
export function executionName(stage: string, workflow: WorkflowName, eventId: string, redrive = 0): string {
  return `${stage}-${workflow}-${eventId}${redrive === 0 ? '' : `-r${redrive}`}`;
}

/**
 * Starts durable executions of the workflow functions, asynchronously and by name: `<stage>-<workflow>-<eventId>`. Lambda answers a
 * known name with the execution it has, as long as the payload is the same byte for byte, so the payload holds ids only.
 */
export function createExecutionStarter({ stage, functionPrefix }: { stage: string; functionPrefix: string }): StartExecution {
  const client = new LambdaClient({
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
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
      // The name is taken, so the run exists, which is all that is wanted; that it was started with other words helps nobody to know twice.
      if (!(error instanceof DurableExecutionAlreadyStartedException)) throw error;
    }
  };
}
