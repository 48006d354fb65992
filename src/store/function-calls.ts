import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
/** Longer than a batch of receipts takes, shorter than the gateway's timeout. */
const REQUEST_TIMEOUT_MILLISECONDS = 20_000;

/** Calls a function of the stack and waits. Returns false when the function failed. */
export type CallFunction = (name: string, payload: string) => Promise<boolean>;

/** Calls are never retried here: the caller decides. */
export function createFunctionCaller({ functionPrefix }: { functionPrefix: string }): CallFunction {
  const client = new LambdaClient({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
  return async (name, payload) => {
    const { FunctionError } = await client.send(new InvokeCommand({ FunctionName: `${functionPrefix}-${name}`, Payload: payload }));
    return FunctionError === undefined;
  };
}
