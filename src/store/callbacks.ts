import { CallbackTimeoutException, LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
const REQUEST_TIMEOUT_MILLISECONDS = 5_000;

/** Wakes the run that waits for an answer. The answer itself is in the record that the run reads. */
export type CompleteCallback = (callbackId: string) => Promise<'done' | 'already-done'>;

export function createCallbacks(): CompleteCallback {
  const client = new LambdaClient({
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
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
