import type { Context, SQSBatchResponse } from 'aws-lambda';
import { expect, test, vi } from 'vitest';
import { type QueueMessage, queueHandler } from '../../src/platform/queue.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';

type Body = { name: string; size?: number; receives?: number };
type Work = (name: string) => Promise<void> | void;
type Run = { work?: Work; context?: Partial<Context> };

/** Hands a batch over, and tells in which order its records were started, which ended well, and what was logged. */
async function deliver(bodies: Body[], { work = () => undefined, context = {} }: Run = {}) {
  const started: string[] = [];
  const finished: string[] = [];
  const handle = async ({ body }: QueueMessage) => {
    const { name }: Body = JSON.parse(body);
    started.push(name);
    await work(name);
    finished.push(name);
    return { tenant: 'mvno-example', type: 'Any', outcome: 'recorded' };
  };
  const event = sqsEvent(
    bodies.map(({ size = 0, ...body }) => JSON.stringify({ ...body, padding: 'x'.repeat(size) })),
    0,
  );
  for (const [index, { receives = 1 }] of bodies.entries())
    Object.assign(event.Records[index]?.attributes ?? {}, { ApproximateReceiveCount: String(receives) });
  const { result, lines } = await loggedLines<SQSBatchResponse>(() =>
    queueHandler('any-function', handle)(event, { ...lambdaContext(), ...context }),
  );
  return { started, finished, lines, again: result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

const nine = Array.from({ length: 9 }, (_, index) => ({ name: `good-${index}` }));
const names = nine.map(({ name }) => name);
const KILOBYTE = 1_024;

/** A clock that jumps when a record's work says so, as work that never lets go of the processor does. */
function remaining(milliseconds: number) {
  let left = milliseconds;
  const takes = (spent: number) => {
    left -= spent;
  };
  return { takes, context: { getRemainingTimeInMillis: () => left } };
}

test.each([
  ['TypeError', new TypeError('no function')],
  ['RangeError', new RangeError('Maximum call stack size exceeded')],
  ['ZodError', Object.assign(new Error('invalid'), { name: 'ZodError' })],
  ['ValidationException', Object.assign(new Error('key too long'), { name: 'ValidationException' })],
])('a record that fails with %s fails alone, is named in the log, and is counted', async (name, error) => {
  const work: Work = (record) => {
    if (record === 'bad') throw error;
  };
  const { finished, again, lines } = await deliver([{ name: 'bad' }, ...nine], { work });
  expect(finished).toEqual(names);
  expect(again).toEqual(['message-0']);
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'ERROR',
      failures: [expect.objectContaining({ messageId: 'message-0', error: expect.objectContaining({ name }) })],
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ outcome: 'failed', notifications: 1 }));
  expect(lines).toContainEqual(expect.objectContaining({ outcome: 'recorded', notifications: 9 }));
});

test('the largest is started when all others have ended and are reported, and is named in the log before', async () => {
  const order: string[] = [];
  const work: Work = async (name) => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push(name);
  };
  const { started, lines } = await deliver([{ name: 'largest', size: 200 * KILOBYTE }, ...nine, { name: 'large', size: 20 * KILOBYTE }], {
    work,
  });
  expect(started).toEqual([...names, 'large', 'largest']);
  expect(order).toEqual(started);
  const logged = lines.map(({ message, recorded, messageId }) => message && { recorded, messageId }).filter(Boolean);
  expect(logged).toEqual([{ recorded: 9 }, { recorded: 1 }, { messageId: 'message-0' }, { recorded: 1 }]);
});

test('what came again often is named in the log before its work starts, whatever its size', async () => {
  const { lines } = await deliver([{ name: 'again', receives: 6 }, { name: 'first' }]);
  expect(lines.filter(({ messageId }) => messageId !== undefined)).toEqual([
    expect.objectContaining({ level: 'WARN', messageId: 'message-0', receiveCount: 6 }),
  ]);
});

test('without the time to end, those not begun come again, and are logged and counted', async () => {
  const { takes, context } = remaining(30_000);
  const work: Work = (name) => {
    if (name === 'hostile') takes(28_000);
  };
  const bodies = [{ name: 'later', size: 90 * KILOBYTE }, { name: 'hostile', size: 50 * KILOBYTE }, ...nine];
  const { started, finished, again, lines } = await deliver(bodies, { work, context });
  expect(started).toEqual([...names, 'hostile']);
  expect(finished).toEqual(started);
  expect(again).toEqual(['message-0']);
  expect(lines).toContainEqual(expect.objectContaining({ failures: [{ messageId: 'message-0', outcome: 'not-started' }] }));
  expect(lines).toContainEqual(expect.objectContaining({ outcome: 'not-started', notifications: 1 }));
});

test('with no time at all the whole batch comes again, and nothing is started', async () => {
  const { started, again } = await deliver(nine, remaining(900));
  expect(started).toEqual([]);
  expect(again).toHaveLength(9);
});

test('also among small records the time is asked before each', async () => {
  const { takes, context } = remaining(9_000);
  const { started, again } = await deliver(nine, { work: () => takes(1_000), context });
  expect(started).toEqual(names.slice(0, 5));
  expect(again).toEqual(['message-5', 'message-6', 'message-7', 'message-8']);
});

test('a record that never answers is given up, and its neighbours, larger ones too, are recorded', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const work: Work = (name) => (name === 'hangs' ? new Promise(() => undefined) : undefined);
    const handed = deliver([{ name: 'hangs' }, ...nine, { name: 'large', size: 100 * KILOBYTE }], { work });
    await vi.advanceTimersByTimeAsync(10_000);
    const { finished, again, lines } = await handed;
    expect(finished).toEqual([...names, 'large']);
    expect(again).toEqual(['message-0']);
    const failures = [expect.objectContaining({ outcome: 'failed', error: expect.objectContaining({ name: 'TookTooLong' }) })];
    expect(lines).toContainEqual(expect.objectContaining({ failures }));
  } finally {
    vi.useRealTimers();
  }
});
