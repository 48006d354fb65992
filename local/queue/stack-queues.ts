import type { PackagedStack } from '../template/packaged-stack.ts';
import type { LocalQueue } from './queue.ts';
import type { SqsQueue } from './sqs.ts';

/** Queues that functions read come first, in the stack's order, then the dead-letter queues. */
export function stackQueues(
  { queues, deadLetterQueues }: Pick<PackagedStack, 'queues' | 'deadLetterQueues'>,
  local: LocalQueue[],
): SqsQueue[] {
  const arnOf = (name: string) => deadLetterQueues.find((queue) => queue.name === name)?.arn ?? name;
  return [
    ...queues.map(({ name, arn, settings }, index) => ({
      name,
      arn,
      retentionSeconds: settings.retentionSeconds,
      visibilityTimeoutSeconds: settings.visibilityTimeoutSeconds,
      redrive: { deadLetterQueueArn: arnOf(settings.deadLetterQueue.name), maxReceiveCount: settings.maxReceiveCount },
      local: local[index],
    })),
    ...deadLetterQueues.map((queue) => ({ ...queue, redrive: undefined, local: undefined })),
  ];
}
