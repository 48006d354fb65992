import { CallbackTimeoutException, LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { awsLimits } from '../platform/aws-client.ts';

/** Wakes the run that waits for an answer. The answer itself is in the record that the run reads. */
export type CompleteCallback = (callbackId: string) => Promise<'done' | 'already-done'>;

export function createCallbacks(): CompleteCallback {
  const client = new LambdaClient(awsLimits());
  return async (callbackId) => {
    try {
      await client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: callbackId }));
      return 'done';
    } catch (error) {
      // The callback was completed before or has expired: the run is awake or has read the record already.
      if (error instanceof CallbackTimeoutException) return 'already-done';
      throw error;
    }
  };
}
