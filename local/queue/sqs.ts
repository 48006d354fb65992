import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { type HttpReply, jsonReply } from '../http-server.ts';
import type { State } from '../state.ts';
import type { LocalQueue } from './queue.ts';
import { createSqsStore, md5, type SqsStore } from './sqs-store.ts';

/** `local` is set when a function reads the queue. */
export type SqsQueue = {
  name: string;
  arn: string;
  retentionSeconds: number;
  visibilityTimeoutSeconds: number;
  redrive: { deadLetterQueueArn: string; maxReceiveCount: number } | undefined;
  local: LocalQueue | undefined;
};

export type SqsOptions = { state: State; clock: Clock; queues: SqsQueue[] };

export type Sqs = (operation: string, body: unknown) => HttpReply;

/** SQS allows only the other characters: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const FORBIDDEN_CHARACTERS = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** SQS's limit since 2025, attributes included. */
const LARGEST_MESSAGE_BYTES = 1_048_576;

const Attributes = z
  .record(z.string(), z.object({ DataType: z.enum(['String', 'Number']), StringValue: z.string() }))
  .optional()
  .transform((attributes) => attributes ?? {});
const ofQueue = { QueueUrl: z.string() };
const shapes = {
  send: z.object({ ...ofQueue, MessageBody: z.string(), MessageAttributes: Attributes }),
  receive: z.object({
    ...ofQueue,
    MaxNumberOfMessages: z.int().min(1).max(10).default(1),
    VisibilityTimeout: z.int().min(0).max(43_200).optional(),
  }),
  remove: z.object({ ...ofQueue, ReceiptHandle: z.string() }),
  attributes: z.object(ofQueue),
  move: z.object({ SourceArn: z.string(), DestinationArn: z.string().optional() }),
  tasks: z.object({ SourceArn: z.string(), MaxResults: z.int().min(1).max(10).default(1) }),
};

class SqsError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

function invalidValue(message: string): SqsError {
  return new SqsError('InvalidParameterValue', message);
}

/** Emulates the operations of SQS that the functions and operators use. Long polling returns at once. */
export function createSqs({ state, clock, queues }: SqsOptions): Sqs {
  const operations = operationsOf({ store: createSqsStore(state, clock), clock, queues });
  return (operation, body) => {
    try {
      const run = operations[operation];
      if (!run)
        throw new SqsError('UnsupportedOperation', `The local SQS knows ${Object.keys(operations).join(', ')}, and not ${operation}.`);
      return jsonReply(200, run(body), 'application/x-amz-json-1.0');
    } catch (error) {
      if (error instanceof SqsError)
        return jsonReply(400, { __type: `com.amazonaws.sqs#${error.name}`, message: error.message }, 'application/x-amz-json-1.0');
      throw error;
    }
  };
}

type Parts = { store: SqsStore; clock: Clock; queues: SqsQueue[] };

function operationsOf(parts: Parts): Record<string, (body: unknown) => object> {
  const { store, queues } = parts;
  const byUrl = ({ QueueUrl }: { QueueUrl: string }) =>
    known(
      queues.find(({ name }) => name === QueueUrl.split('/').at(-1)),
      parts,
    );
  return {
    SendMessage(body) {
      const { MessageBody, MessageAttributes, ...to } = parse(shapes.send, body);
      return send(parts, byUrl(to), { MessageBody, MessageAttributes });
    },
    ReceiveMessage(body) {
      const { MaxNumberOfMessages, VisibilityTimeout, ...from } = parse(shapes.receive, body);
      const queue = byUrl(from);
      return { Messages: store.receive(queue.name, MaxNumberOfMessages, VisibilityTimeout ?? queue.visibilityTimeoutSeconds) };
    },
    DeleteMessage(body) {
      const { ReceiptHandle, ...from } = parse(shapes.remove, body);
      store.delete(byUrl(from).name, ReceiptHandle);
      return {};
    },
    GetQueueAttributes: (body) => ({ Attributes: attributesOf(store, byUrl(parse(shapes.attributes, body))) }),
    StartMessageMoveTask: (body) => startMove(parts, parse(shapes.move, body)),
    ListMessageMoveTasks(body) {
      const { SourceArn, MaxResults } = parse(shapes.tasks, body);
      const results = store.tasks(byArn(parts, SourceArn).name, MaxResults).map((task) => ({
        SourceArn,
        ...(task.destination ? { DestinationArn: task.destination } : {}),
        // A started task is complete: all messages move in one transaction.
        Status: 'COMPLETED',
        ApproximateNumberOfMessagesMoved: task.moved,
        ApproximateNumberOfMessagesToMove: task.moved,
        StartedTimestamp: task.startedAt,
      }));
      return { Results: results };
    },
  };
}

const FORBIDDEN =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

type SentMessage = { MessageBody: string; MessageAttributes: z.infer<typeof Attributes> };

function send({ store }: Parts, queue: SqsQueue, { MessageBody, MessageAttributes }: SentMessage): object {
  if (Buffer.byteLength(MessageBody) > LARGEST_MESSAGE_BYTES)
    throw invalidValue(`One or more parameters are invalid. Reason: Message must be shorter than ${LARGEST_MESSAGE_BYTES} bytes.`);
  if (FORBIDDEN_CHARACTERS.test(MessageBody)) throw new SqsError('InvalidMessageContents', FORBIDDEN);
  const MessageId = queue.local ? queue.local.send(MessageBody, MessageAttributes) : store.send(queue.name, MessageBody, MessageAttributes);
  return { MessageId, MD5OfMessageBody: md5(MessageBody) };
}

function attributesOf(store: SqsStore, { name, arn, redrive, ...queue }: SqsQueue): Record<string, string> {
  const { visible, hidden } = store.counts(name);
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: '0',
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    ...(redrive
      ? { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: redrive.deadLetterQueueArn, maxReceiveCount: redrive.maxReceiveCount }) }
      : {}),
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
function startMove(parts: Parts, { SourceArn, DestinationArn }: z.infer<typeof shapes.move>): object {
  const source = byArn(parts, SourceArn);
  const origin = parts.queues.find(({ redrive }) => redrive?.deadLetterQueueArn === SourceArn);
  if (!origin) throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
  const destination = DestinationArn === undefined ? origin : byArn(parts, DestinationArn);
  const TaskHandle = parts.store.move(source.name, destination.name, DestinationArn);
  destination.local?.wake();
  return { TaskHandle };
}

function byArn(parts: Parts, arn: string): SqsQueue {
  const queue = parts.queues.find((candidate) => candidate.arn === arn);
  if (!queue)
    throw new SqsError('ResourceNotFoundException', 'The resource that you specified for the SourceArn parameter does not exist.');
  return known(queue, parts);
}

/** A dead-letter queue expires messages when it is read; the others when they deliver. */
function known(queue: SqsQueue | undefined, { store, clock }: Parts): SqsQueue {
  if (!queue) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  if (!queue.local) store.forgetBefore(queue.name, clock.now() - queue.retentionSeconds * 1_000);
  return queue;
}

function parse<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidValue(`The local SQS cannot read the request: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
}
