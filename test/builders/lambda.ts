import type { Context, SQSEvent } from 'aws-lambda';
import { personalDataIn } from './personal-data.ts';

/** The context of one invocation of a function. */
export function lambdaContext(functionName = 'function'): Context {
  return {
    awsRequestId: '7e1c1d3c-0000-4000-8000-000000000001',
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    logGroupName: 'group',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 30_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** A batch of queue messages, named `message-0`, `message-1`, … */
export function sqsEvent(bodies: string[], sentAt: number): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `receipt-${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(sentAt),
        SenderId: 'sender',
        ApproximateFirstReceiveTimestamp: String(sentAt),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:consume-notifications',
      awsRegion: 'us-east-1',
    })),
  };
}

/** Collects the lines that are logged while something runs. */
export async function loggedLines<Result>(run: () => Promise<Result>): Promise<{ result: Result; lines: Record<string, unknown>[] }> {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      written.push(String(chunk));
      return true;
    };
  }
  try {
    const result = await run();
    const lines = written
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const leaks = lines.flatMap(personalDataIn);
    if (leaks.length > 0) throw new Error(`Personal data was logged:\n${leaks.join('\n')}`);
    return { result, lines: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
}
