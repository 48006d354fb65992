import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createAwsEndpoint } from '../../../local/aws-endpoint.ts';
import { type Clock, createClock } from '../../../local/clock.ts';
import type { InvocationOutcome } from '../../../local/functions/invocation.ts';
import { openHttpServer } from '../../../local/http-server.ts';
import { createQueue, type LocalQueue } from '../../../local/queue/queue.ts';
import { createSqs } from '../../../local/queue/sqs.ts';
import { stackQueues } from '../../../local/queue/stack-queues.ts';
import { patience } from '../../builders/patience.ts';
import { temporaryState } from '../temporary-state.ts';

const DAYS = 24 * 60 * 60;
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const url = (name: string) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;
const deadLetterQueue = (name: string) => ({ name, arn: arn(name), retentionSeconds: 14 * DAYS, visibilityTimeoutSeconds: 30 });

let clock: Clock;
let queue: LocalQueue;
let client: SQSClient;
let batches: SQSEvent[] = [];
let answer: () => InvocationOutcome;

const works = (): InvocationOutcome => ({ ok: true, payload: null });
const fails = (): InvocationOutcome => ({ ok: false, errorType: 'Error', errorMessage: 'the table does not answer' });

beforeEach(async () => {
  const state = temporaryState();
  clock = createClock(state);
  batches = [];
  answer = works;
  const settings = {
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    visibilityTimeoutSeconds: 180,
    maxReceiveCount: 2,
    maximumConcurrency: 1,
    reportBatchItemFailures: true,
    retentionSeconds: 7 * DAYS,
    deadLetterQueue: { name: 'work-dead-letters', retentionSeconds: 14 * DAYS },
  };
  const work = { name: 'work', arn: arn('work'), functionKey: 'work', settings };
  const functions = {
    async invoke(_key: string, event: unknown) {
      batches.push(event as SQSEvent);
      return answer();
    },
  };
  queue = createQueue({ state, clock, functions, ...work });
  queue.start();
  const stack = { queues: [work], deadLetterQueues: [deadLetterQueue('work-dead-letters'), deadLetterQueue('rule-dead-letters')] };
  const server = await openHttpServer({ port: 0, variable: 'AWS_PORT' });
  const unused = { putEvents: () => ({ status: 200 as const, body: { FailedEntryCount: 0, Entries: [] } }), lambda: async () => undefined };
  const sqs = createSqs({ state, clock, queues: stackQueues(stack, [queue]) });
  server.serve(
    createAwsEndpoint({ ...unused, sns: () => undefined, ses: async () => undefined, sts: () => undefined, sqs, dynamoDbPort: 0 }),
  );
  client = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await queue.stop();
    await server.close();
  });
});

const bodies = () => batches.map(({ Records }) => Records.map(({ body }) => body));
const depth = async (name: string) => {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames: ['All'] }));
  return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible].map(Number);
};

/** Fails a message until it is dead. */
async function letDie(body: string): Promise<void> {
  answer = fails;
  queue.send(body, { redrive: { DataType: 'String', StringValue: 'kept' } });
  for (let receive = 0; receive < 2; receive += 1) {
    await vi.waitFor(() => expect(queue.counts().delayed).toBe(1), patience);
    clock.advance(180);
  }
  await vi.waitFor(() => expect(queue.counts().dead).toBe(1), patience);
  answer = works;
  batches = [];
}

test('a message that is sent reaches the function with its attributes', async () => {
  const MessageAttributes = { redrive: { DataType: 'String', StringValue: 'a/b/1' } };
  await client.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: '{"n":1}', MessageAttributes }));
  await vi.waitFor(() => expect(bodies().flat()).toEqual(['{"n":1}']), patience);
  expect(batches[0]?.Records[0]?.messageAttributes).toEqual({
    redrive: { stringValue: 'a/b/1', dataType: 'String', stringListValues: [], binaryListValues: [] },
  });
});

test('what died is counted in its dead-letter queue, and a move task brings it back, once', async () => {
  await letDie('poison');
  expect(await depth('work-dead-letters')).toEqual([1, 0]);
  const { TaskHandle } = await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn('work-dead-letters') }));
  expect(TaskHandle).toMatch(/./);
  await vi.waitFor(() => expect(bodies()).toEqual([['poison']]), patience);
  expect(batches[0]?.Records[0]).toMatchObject({
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: { redrive: { stringValue: 'kept' } },
  });
  const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: arn('work-dead-letters') }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 }]);
  expect(await depth('work-dead-letters')).toEqual([0, 0]);
});

test('a move task goes to the queue that it names', async () => {
  await letDie('poison');
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: arn('work-dead-letters'), DestinationArn: arn('rule-dead-letters') }));
  expect(await depth('rule-dead-letters')).toEqual([1, 0]);
});

test('a move task from a queue that is no dead-letter queue of a queue is refused', async () => {
  for (const SourceArn of [arn('rule-dead-letters'), arn('work')]) {
    await expect(client.send(new StartMessageMoveTaskCommand({ SourceArn }))).rejects.toThrow(/must be configured as a Dead Letter Queue/);
  }
});

test('what is received is hidden until its time, or deleted', async () => {
  const QueueUrl = url('rule-dead-letters');
  for (const MessageBody of ['one', 'three']) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async () => (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];
  const [one] = await receive();
  expect(await depth('rule-dead-letters')).toEqual([0, 2]);
  expect(await receive()).toEqual([]);
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: one?.ReceiptHandle }));
  clock.advance(30);
  expect((await receive()).map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount])).toEqual([['three', '2']]);
  clock.advance(14 * DAYS);
  expect(await depth('rule-dead-letters')).toEqual([0, 0]);
});

test.each(['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff'])('a body with %j is refused as by SQS', async (forbidden) => {
  const sent = client.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody: `{"a":"${forbidden}"}` }));
  await expect(sent).rejects.toMatchObject({ name: 'InvalidMessageContents' });
});

test('a body with all other characters is taken', async () => {
  const MessageBody = '\t\n\r \ud7ff\ue000\ufffd\u{10000}\u{10ffff}';
  await expect(client.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody }))).resolves.toHaveProperty('MessageId');
});

test('what it does not know it names', async () => {
  await expect(client.send(new ListQueuesCommand({}))).rejects.toThrow(/ListQueues/);
  await expect(client.send(new SendMessageCommand({ QueueUrl: url('absent'), MessageBody: 'x' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
  const MessageBody = 'x'.repeat(1_048_577);
  await expect(client.send(new SendMessageCommand({ QueueUrl: url('work'), MessageBody }))).rejects.toThrow(/shorter than 1048576/);
});
