import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsLimits } from '../platform/aws-client.ts';

/** Longer than a batch of receipts takes, shorter than the gateway's timeout. */
const REQUEST_TIMEOUT_MILLISECONDS = 20_000;

/** Returns false when the function failed. Never retries: the caller decides. */
export type CallFunction = (name: string, payload: string) => Promise<boolean>;

export function createFunctionCaller({ functionPrefix }: { functionPrefix: string }): CallFunction {
  const client = new LambdaClient(awsLimits({ request: REQUEST_TIMEOUT_MILLISECONDS, attempts: 1 }));
  return async (name, payload) => {
    const { FunctionError } = await client.send(new InvokeCommand({ FunctionName: `${functionPrefix}-${name}`, Payload: payload }));
    return FunctionError === undefined;
  };
}
