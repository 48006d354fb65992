import { DurableExecutionAlreadyStartedException, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsLimits } from '../platform/aws-client.ts';
import type { ReplayStart } from '../schemas/operations/replay.ts';

/** Starts an execution named `<stage>-replay-<id>-<part>`. Does nothing when it was started before. */
export type StartReplay = (start: ReplayStart) => Promise<void>;

export function createReplayExecutions({ stage, functionPrefix }: { stage: string; functionPrefix: string }): StartReplay {
  const client = new LambdaClient(awsLimits());
  return async ({ tenant, replay, part }) => {
    const invocation = new InvokeCommand({
      FunctionName: `${functionPrefix}-replay`,
      Qualifier: 'durable',
      InvocationType: 'Event',
      DurableExecutionName: `${stage}-replay-${replay}-${part}`,
      Payload: JSON.stringify({ tenant, replay, part }),
    });
    try {
      await client.send(invocation);
    } catch (error) {
      // The name is taken, so this part is running or finished.
      if (!(error instanceof DurableExecutionAlreadyStartedException)) throw error;
    }
  };
}
