import { createAwsEndpoint } from '../../local/aws-endpoint.ts';
import { createClock } from '../../local/clock.ts';
import type { Functions } from '../../local/functions/invocation.ts';
import { openHttpServer } from '../../local/http-server.ts';
import { createQueue, type LocalQueue } from '../../local/queue/queue.ts';
import { createSqs } from '../../local/queue/sqs.ts';
import { stackQueues } from '../../local/queue/stack-queues.ts';
import { openState } from '../../local/state.ts';
import { functionPrefix, readPackagedStack } from '../../local/template/packaged-stack.ts';
import { createQueues, type Queues } from '../../src/operations/queues.ts';

/** The packaged template's queues on the local SQS, and the functions that read them. */
export type TestQueues = {
  queues: Queues;
  counts(functionKey: string): ReturnType<LocalQueue['counts']> | undefined;
  close(): Promise<void>;
};

/** Opens the queues, and points the AWS SDK's SQS clients of this process at them. */
export async function openTestQueues(directory: string, functions: Functions): Promise<TestQueues> {
  const state = openState(directory);
  const clock = createClock(state);
  const stack = await readPackagedStack({ region: 'us-east-1', accountId: '000000000000' });
  const local = stack.queues.map((queue) => createQueue({ state, clock, functions, ...queue }));
  for (const queue of local) queue.start();
  const server = await openHttpServer({ port: 0, variable: 'AWS_PORT' });
  const nothing = {
    putEvents: () => ({ status: 200 as const, body: { FailedEntryCount: 0, Entries: [] } }),
    lambda: async () => undefined,
  };
  const sqs = createSqs({ state, clock, queues: stackQueues(stack, local) });
  server.serve(
    createAwsEndpoint({ ...nothing, sns: () => undefined, ses: async () => undefined, sts: () => undefined, sqs, dynamoDbPort: 0 }),
  );
  process.env.AWS_ENDPOINT_URL_SQS = `http://127.0.0.1:${server.port}`;
  const queues = createQueues({ queuesUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000', functionPrefix });
  return {
    queues,
    counts: (functionKey) => local[stack.queues.findIndex((queue) => queue.functionKey === functionKey)]?.counts(),
    async close() {
      queues.client.destroy();
      await Promise.all(local.map((queue) => queue.stop()));
      await server.close();
      state.close();
    },
  };
}
