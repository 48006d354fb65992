import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { DEAD_LETTER_QUEUES } from '../../src/schemas/dead-letters.ts';
import { type Setup, unlessMissing } from './check.ts';

export type StackQueue = { name: string; arn: string; url: string; attributes: Record<string, string> };

const DEAD_LETTERS = '-dead-letters';

/** Without the stack's prefix. */
export const READ_QUEUES = Object.values(DEAD_LETTER_QUEUES).flatMap((queue) => (queue.way === 'move' ? [queue.to] : []));

/** Without the stack's prefix. */
export const DEAD_QUEUES = Object.keys(DEAD_LETTER_QUEUES).map((name) => `${name}${DEAD_LETTERS}`);

/** Takes the name without the prefix; undefined if the queue does not exist. */
export async function findQueue({ aws, prefix }: Setup, name: string): Promise<StackQueue | undefined> {
  const QueueName = `${prefix}-${name}`;
  const found = await unlessMissing(aws.sqs.send(new GetQueueUrlCommand({ QueueName })));
  if (found?.QueueUrl === undefined) return undefined;
  const url = found.QueueUrl;
  const { Attributes = {} } = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  return { name: QueueName, arn: Attributes.QueueArn ?? '', url, attributes: Attributes };
}

export function setAttributes({ command }: Setup, { url }: StackQueue, attributes: Record<string, string>): string {
  return command('sqs', 'set-queue-attributes', '--queue-url', url, '--attributes', JSON.stringify(attributes));
}
