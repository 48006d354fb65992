import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
const REQUEST_TIMEOUT_MILLISECONDS = 5_000;
/** SQS's limit for a message with its attributes; the attributes of ours take far less than what is left. */
export const MAX_MESSAGE_BYTES = 1_048_576 - 1_024;

/** The stack's queues. `name` is what stands behind the stack's prefix: that of the function that reads the queue. */
export type Queues = {
  client: SQSClient;
  urlOf(name: string): string;
};

/**
 * Opens the stack's queues.
 *
 * @param at what their addresses begin with, and what their names do.
 */
export function createQueues({ queuesUrl, functionPrefix }: { queuesUrl: string; functionPrefix: string }): Queues {
  const client = new SQSClient({
    // The client would call the address of a queue, past the endpoint that the environment gives it.
    useQueueUrlAsEndpoint: false,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
  return { client, urlOf: (name) => `${queuesUrl}/${functionPrefix}-${name}` };
}

/** What SQS takes in no body. JSON may hold it as it is. */
const FORBIDDEN_CHARACTERS = /[\uFFFE\uFFFF]/g;

/** Puts a message on a queue. What SQS does not take of its JSON text goes as escapes, which mean the same. It may arrive more than once, as any message of SQS. */
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
