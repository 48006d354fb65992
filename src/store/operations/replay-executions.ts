import { DurableExecutionAlreadyStartedException, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ReplayStart } from '../../schemas/replay.ts';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
const REQUEST_TIMEOUT_MILLISECONDS = 5_000;

/** Starts an execution named `<stage>-replay-<id>-<part>`. Does nothing when it was started before. */
export type StartReplay = (start: ReplayStart) => Promise<void>;

export function createReplayExecutions({ stage, functionPrefix }: { stage: string; functionPrefix: string }): StartReplay {
  const client = new LambdaClient({
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
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
