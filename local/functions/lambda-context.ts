import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Context } from 'aws-lambda';

type Deployment = { region: string; accountId: string; functionPrefix: string };
type Invocation = { key: string; requestId: string; timeoutMs: number };

const logStreamName = `local/[$LATEST]${randomUUID().replaceAll('-', '')}`;

/** The remaining time follows the machine's clock, which `POST /local/clock` does not move. */
export function lambdaContext(deployment: Deployment, invocation: Invocation): Context {
  const functionName = `${deployment.functionPrefix}-${invocation.key}`;
  const deadline = performance.now() + invocation.timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${deployment.region}:${deployment.accountId}:function:${functionName}`,
    memoryLimitInMB: '1024',
    awsRequestId: invocation.requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
    done: callbackStyle,
    fail: callbackStyle,
    succeed: callbackStyle,
  };
}

function callbackStyle(): never {
  throw new Error('handlers answer with a promise: the Node 24 runtime of Lambda has no callbacks');
}
