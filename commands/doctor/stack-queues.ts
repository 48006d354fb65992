import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { DEAD_LETTER_QUEUES } from '../../src/schemas/dead-letters.ts';
import { type Setup, unlessMissing } from './check.ts';

/** A queue of the stack as SQS tells it. */
export type StackQueue = { name: string; arn: string; url: string; attributes: Record<string, string> };

const DEAD_LETTERS = '-dead-letters';

/** The names of the queues that functions read, without the stack's prefix. */
export const READ_QUEUES = Object.values(DEAD_LETTER_QUEUES).flatMap((queue) => (queue.way === 'move' ? [queue.to] : []));

/** The names of the dead-letter queues, without the stack's prefix. */
export const DEAD_QUEUES = Object.keys(DEAD_LETTER_QUEUES).map((name) => `${name}${DEAD_LETTERS}`);

/** One of the stack's queues by its name without the prefix; undefined where it is not there. */
export async function findQueue({ aws, prefix }: Setup, name: string): Promise<StackQueue | undefined> {
  const QueueName = `${prefix}-${name}`;
  const found = await unlessMissing(aws.sqs.send(new GetQueueUrlCommand({ QueueName })));
  if (found?.QueueUrl === undefined) return undefined;
  const url = found.QueueUrl;
  const { Attributes = {} } = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return { name: QueueName, arn: Attributes.QueueArn ?? '', url, attributes: Attributes };
}

/** The command that sets attributes of a queue. */
export function setAttributes({ command }: Setup, { url }: StackQueue, attributes: Record<string, string>): string {
  return command('sqs', 'set-queue-attributes', '--queue-url', url, '--attributes', JSON.stringify(attributes));
}
