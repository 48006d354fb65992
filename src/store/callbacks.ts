import { CallbackTimeoutException, LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
const REQUEST_TIMEOUT_MILLISECONDS = 5_000;

/** Wakes the run that waits for an answer. What the answer is stands on record, where the run looks. */
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
      // Answered before, or over: the run is awake or has looked already.
      if (error instanceof CallbackTimeoutException) return 'already-done';
      throw error;
    }
  };
}
