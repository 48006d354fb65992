import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
/** Longer than a batch of receipts takes, and shorter than the gateway waits. */
const REQUEST_TIMEOUT_MILLISECONDS = 20_000;

/** Calls one of the stack's functions and waits for its end. Answers whether it succeeded. */
export type CallFunction = (name: string, payload: string) => Promise<boolean>;

/** Opens the stack's functions for calls. A call is made once: the caller says whether to make it again. */
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
