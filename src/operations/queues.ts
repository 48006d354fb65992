import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsLimits } from '../platform/aws-client.ts';

/** SQS's limit includes the attributes; ours need far less than the difference. */
export const MAX_MESSAGE_BYTES = 1_048_576 - 1_024;

/** `name` is the queue's name without the stack's prefix: that of the function that reads it. */
export type Queues = {
  client: SQSClient;
  urlOf(name: string): string;
};

export function createQueues({ queuesUrl, functionPrefix }: { queuesUrl: string; functionPrefix: string }): Queues {
  const client = new SQSClient({
    // Otherwise the client calls the queue's own address and ignores the endpoint in the environment.
    useQueueUrlAsEndpoint: false,
    ...awsLimits(),
  });
  return { client, urlOf: (name) => `${queuesUrl}/${functionPrefix}-${name}` };
}

/** SQS rejects these characters, which are valid in JSON. */
const FORBIDDEN_CHARACTERS = /[\uFFFE\uFFFF]/g;

/**
 * Sends a message. `body` must be JSON: characters that SQS rejects are sent as JSON escapes. Like any message of SQS, it may arrive more
 * than once.
 */
export async function sendToQueue(
  queues: Queues,
  queue: string,
  message: { body: string; attributes: Record<string, string> },
): Promise<void> {
  const attributes = Object.entries(message.attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]);
  await queues.client.send(
    new SendMessageCommand({
      QueueUrl: queues.urlOf(queue),
      MessageBody: message.body.replaceAll(FORBIDDEN_CHARACTERS, (character) => `\\u${character.charCodeAt(0).toString(16)}`),
      MessageAttributes: Object.fromEntries(attributes),
    }),
  );
}
