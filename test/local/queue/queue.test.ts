import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Clock, createClock } from '../../../local/clock.ts';
import { startFunctions } from '../../../local/functions/functions.ts';
import type { Functions, InvocationOutcome } from '../../../local/functions/invocation.ts';
import { createQueue, type LocalQueue } from '../../../local/queue/queue.ts';
import type { QueueSettings } from '../../../local/queue/settings.ts';
import { openState, type State } from '../../../local/state.ts';
import { patience } from '../../builders/patience.ts';
import { handlerModules } from '../durable/engine.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const arn = 'arn:aws:sqs:eu-west-1:123456789012:consume-notifications';
const days = 24 * 60 * 60;
const succeeded: InvocationOutcome = { ok: true, payload: null };

let directory: string;
let state: State;
let clock: Clock;

beforeEach(() => {
  directory = temporaryDirectory();
  state = openState(directory);
  onTestFinished(() => state.close());
  clock = createClock(state);
});

type Answer = (event: SQSEvent) => InvocationOutcome | Promise<InvocationOutcome>;

/** A queue whose function answers as the test says; every batch it got is kept. */
function queueOf(answer: Answer, settings: Partial<QueueSettings> = {}): { queue: LocalQueue; batches: SQSEvent[] } {
  const batches: SQSEvent[] = [];
  const functions: Functions = {
    async invoke(_key, event) {
      batches.push(event as SQSEvent);
      return answer(event as SQSEvent);
    },
  };
  return { queue: open(functions, settings), batches };
}

function open(functions: Functions, settings: Partial<QueueSettings> = {}): LocalQueue {
  const queue = createQueue({
    state,
    clock,
    name: 'consume-notifications',
    arn,
    functions,
    functionKey: 'consume-batch',
    settings: {
      batchSize: 10,
      maximumBatchingWindowSeconds: 0,
      visibilityTimeoutSeconds: 180,
      maxReceiveCount: 3,
      maximumConcurrency: 2,
      reportBatchItemFailures: true,
      retentionSeconds: 14 * days,
      deadLetterQueue: { name: 'consume-notifications-dead-letters', retentionSeconds: 14 * days },
      ...settings,
    },
  });
  onTestFinished(() => queue.stop());
  return queue;
}

const failing =
  (...bodies: string[]) =>
  (event: SQSEvent): InvocationOutcome => {
    const failed = event.Records.filter((record) => bodies.includes(record.body));
    return { ok: true, payload: { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) } };
  };

const bodiesOf = (batches: SQSEvent[]) => batches.map((batch) => batch.Records.map((record) => record.body));
const empty = { visible: 0, inFlight: 0, delayed: 0, dead: 0 };
const settled = (queue: LocalQueue, counts: Partial<typeof empty> = {}) =>
  vi.waitFor(() => expect(queue.counts()).toEqual({ ...empty, ...counts }), patience);

describe('a batch', () => {
  test('holds records as SQS and Lambda make them', async () => {
    const { queue, batches } = queueOf(() => succeeded);
    queue.start();
    const messageId = queue.send('{"a":1}');
    await settled(queue);
    const record = batches[0]?.Records[0];
    expect(record).toEqual({
      messageId,
      receiptHandle: expect.stringMatching(/./),
      body: '{"a":1}',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.stringMatching(/./),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {},
      md5OfBody: createHash('md5').update('{"a":1}').digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: 'eu-west-1',
    });
  });

  test('holds at most the batch size, and no more than the maximum concurrency are out at once', async () => {
    let most = 0;
    let out = 0;
    const { queue, batches } = queueOf(async () => {
      out += 1;
      most = Math.max(most, out);
      await new Promise((resolve) => setTimeout(resolve, 5));
      out -= 1;
      return succeeded;
    });
    for (let sent = 0; sent < 35; sent += 1) queue.send(String(sent));
    queue.start();
    await settled(queue);
    expect(batches.map((batch) => batch.Records.length)).toEqual([10, 10, 10, 5]);
    expect(most).toBe(2);
  });

  test('waits for company only when there is a batching window', async () => {
    const { queue, batches } = queueOf(() => succeeded, { maximumBatchingWindowSeconds: 60, batchSize: 2 });
    queue.start();
    for (const body of ['one', 'two', 'three']) queue.send(body);
    await settled(queue, { visible: 1 });
    clock.advance(60);
    await settled(queue);
    expect(bodiesOf(batches)).toEqual([['one', 'two'], ['three']]);
  });
});

describe('a partial failure', () => {
  test('brings back only the failed message, after the visibility timeout', async () => {
    const { queue, batches } = queueOf(failing('bad'));
    for (const body of ['good', 'bad', 'fine']) queue.send(body);
    queue.start();
    await settled(queue, { delayed: 1 });
    clock.advance(179);
    await settled(queue, { delayed: 1 });
    clock.advance(1);
    await vi.waitFor(() => expect(bodiesOf(batches)).toEqual([['good', 'bad', 'fine'], ['bad']]), patience);
  });

  test('too many receives make a dead letter, and its neighbours are unharmed', async () => {
    const { queue, batches } = queueOf(failing('poison'));
    for (const body of ['good', 'poison']) queue.send(body);
    queue.start();
    for (let receive = 1; receive <= 3; receive += 1) {
      await settled(queue, { delayed: 1 });
      clock.advance(181);
      if (receive === 1) queue.send('late');
    }
    await settled(queue, { dead: 1 });
    const received = bodiesOf(batches).flat();
    expect(received.filter((body) => body === 'poison')).toHaveLength(3);
    expect(received.filter((body) => body !== 'poison').sort()).toEqual(['good', 'late']);
    expect(batches.map((batch) => batch.Records.find((record) => record.body === 'poison')?.attributes.ApproximateReceiveCount)).toContain(
      '3',
    );
    clock.advance(15 * days);
    await settled(queue);
  });

  test.each([
    { reply: 'with an identifier that is not of the batch', payload: { batchItemFailures: [{ itemIdentifier: 'unknown' }] } },
    { reply: 'with an empty identifier', payload: { batchItemFailures: [{ itemIdentifier: '' }] } },
    { reply: 'with a null identifier', payload: { batchItemFailures: [{ itemIdentifier: null }] } },
    { reply: 'with another key', payload: { batchItemFailures: [{ messageId: 'x' }] } },
    { reply: 'that is no list', payload: { batchItemFailures: 'none' } },
    { reply: 'that is text', payload: 'done' },
  ])('a reply $reply fails the whole batch', async ({ payload }) => {
    const { queue } = queueOf(() => ({ ok: true, payload }));
    for (const body of ['one', 'two']) queue.send(body);
    queue.start();
    await settled(queue, { delayed: 2 });
  });

  test.each([null, {}, { batchItemFailures: [] }, { batchItemFailures: null }])(
    'the reply %j means that all succeeded',
    async (payload) => {
      const { queue } = queueOf(() => ({ ok: true, payload }));
      for (const body of ['one', 'two']) queue.send(body);
      queue.start();
      await settled(queue);
    },
  );

  test('is not seen where the mapping does not ask for it: the failed message is deleted', async () => {
    const { queue } = queueOf(failing('bad'), { reportBatchItemFailures: false });
    for (const body of ['good', 'bad']) queue.send(body);
    queue.start();
    await settled(queue);
  });
});

test('an error of the function brings the whole batch back', async () => {
  const { queue } = queueOf(() => ({ ok: false, errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' }));
  for (const body of ['one', 'two']) queue.send(body);
  queue.start();
  await settled(queue, { delayed: 2 });
});

test('a jump of the clock drops no message that had no turn yet', async () => {
  const { queue, batches } = queueOf(() => succeeded);
  queue.send('patient');
  clock.advance(30 * days);
  queue.start();
  await settled(queue);
  expect(bodiesOf(batches)).toEqual([['patient']]);
});

test('messages in the hands of a process that ended are visible at once to the next, with their receive count', async () => {
  const { promise: never, resolve } = Promise.withResolvers<InvocationOutcome>();
  const { queue, batches } = queueOf(() => never);
  onTestFinished(() => resolve(succeeded));
  queue.send('interrupted');
  queue.start();
  await vi.waitFor(() => expect(batches).toHaveLength(1), patience);
  expect(queue.counts()).toEqual({ ...empty, inFlight: 1 });
  // The first queue does not let go of the message, as a killed process would not: it is not stopped, only replaced.
  const after = queueOf(() => succeeded);
  expect(after.queue.counts()).toEqual({ ...empty, visible: 1 });
  after.queue.start();
  await settled(after.queue);
  expect(after.batches[0]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
});

test('a real handler in its thread gets its batches, its failures come back', async () => {
  const file = join(directory, 'received');
  const functions = await startFunctions({
    modules: handlerModules(['consume-batch']),
    environment: {},
    logFile: join(directory, 'service.log'),
    region: 'eu-west-1',
    accountId: '123456789012',
    functionPrefix: 'fixture-local',
  });
  onTestFinished(() => functions.close());
  const queue = open(functions);
  for (const name of ['good', 'bad', 'fine']) queue.send(JSON.stringify({ file, name, fails: name === 'bad' }));
  queue.start();
  await settled(queue, { delayed: 1 });
  clock.advance(180);
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('good 1\nbad 1\nfine 1\nbad 2\n'), patience);
});
