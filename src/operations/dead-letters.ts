import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  ReceiveMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import {
  DEAD_LETTER_QUEUES,
  type DeadLetterQueue,
  type DeadLetterQueueName,
  type Handled,
  MoveTask,
} from '../schemas/operations/dead-letters.ts';
import type { Queues } from './queues.ts';

const PER_RECEIVE = 10;
/** Longer than handling one message takes, so that no other consumer gets it too. */
const HANDS_SECONDS = 60;
/** Below the gateway's timeout of 30 seconds. */
const MAX_DURATION_MILLISECONDS = 15_000;

export async function readDeadLetterQueue(queues: Queues, queue: DeadLetterQueueName): Promise<DeadLetterQueue> {
  const { contains, way } = DEAD_LETTER_QUEUES[queue];
  const { arn, waiting, inHands } = await depthOf(queues, `${queue}-dead-letters`);
  const lastMove = way === 'move' ? await lastMoveOf(queues, arn) : undefined;
  return { queue, contains: contains, way, waiting, inHands, ...(lastMove ? { lastMove } : {}) };
}

async function depthOf(queues: Queues, name: string): Promise<{ arn: string; waiting: number; inHands: number }> {
  const { Attributes = {} } = await queues.client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queues.urlOf(name),
      AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const { QueueArn = '', ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
  return { arn: QueueArn, waiting: Number(ApproximateNumberOfMessages), inHands: Number(ApproximateNumberOfMessagesNotVisible) };
}

async function lastMoveOf(queues: Queues, arn: string): Promise<MoveTask | undefined> {
  const { Results = [] } = await queues.client.send(new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }));
  return Results[0] && parseTask(Results[0]);
}

function parseTask(task: ListMessageMoveTasksResultEntry): MoveTask {
  return MoveTask.parse({
    state: task.Status?.toLowerCase(),
    moved: task.ApproximateNumberOfMessagesMoved ?? 0,
    total: task.ApproximateNumberOfMessagesToMove,
    startedAt: task.StartedTimestamp === undefined ? undefined : new Date(task.StartedTimestamp).toISOString(),
    failure: task.FailureReason,
  });
}

/** Starts a move task of SQS. A queue has one at a time, so a running one is returned instead. */
export async function moveDeadLetters(queues: Queues, queue: DeadLetterQueueName, to: string): Promise<MoveTask | undefined> {
  const [source, destination] = await Promise.all([depthOf(queues, `${queue}-dead-letters`), depthOf(queues, to)]);
  const before = await lastMoveOf(queues, source.arn);
  if (before?.state === 'running') return before;
  // Named explicitly: messages from a topic have no source queue to return to.
  await queues.client.send(new StartMessageMoveTaskCommand({ SourceArn: source.arn, DestinationArn: destination.arn }));
  return lastMoveOf(queues, source.arn);
}

/** They stay in the queue for a person to look at. */
const STAYS = new Set<Handled>(['unreadable', 'unknown-event', 'failed-again']);

/**
 * Handles the messages of a dead-letter queue, then deletes each, so that a crash in between repeats one and loses none. Ends when the
 * queue is empty or the time is up.
 *
 * @param handle handles a message's body; must be safe to repeat.
 */
export async function drainDeadLetters(
  queues: Queues,
  queue: DeadLetterQueueName,
  { handle, now }: { handle: (body: string) => Promise<Handled>; now: () => number },
): Promise<{ handled: Partial<Record<Handled, number>>; goesOn: boolean }> {
  const QueueUrl = queues.urlOf(`${queue}-dead-letters`);
  const handled: Partial<Record<Handled, number>> = {};
  for (const end = now() + MAX_DURATION_MILLISECONDS; now() < end; ) {
    const request = { QueueUrl, MaxNumberOfMessages: PER_RECEIVE, VisibilityTimeout: HANDS_SECONDS };
    const { Messages = [] } = await queues.client.send(new ReceiveMessageCommand(request));
    if (Messages.length === 0) return { handled, goesOn: false };
    await Promise.all(
      Messages.map(async ({ Body = '', ReceiptHandle }) => {
        const outcome = await handle(Body);
        handled[outcome] = (handled[outcome] ?? 0) + 1;
        if (!STAYS.has(outcome)) await queues.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }),
    );
  }
  return { handled, goesOn: true };
}
