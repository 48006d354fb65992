import type { Clock } from '../clock.ts';
import { maxTimerMs } from '../clock.ts';
import type { Functions } from '../functions/invocation.ts';
import type { State } from '../state.ts';
import { failedMessages } from './batch.ts';
import { createMessageTable, type MessageAttributes, type QueueCounts, type StoredMessage } from './messages.ts';
import type { QueueSettings } from './settings.ts';

export type QueueOptions = {
  state: State;
  clock: Clock;
  name: string;
  arn: string;
  settings: QueueSettings;
  functions: Functions;
  functionKey: string;
};

export type LocalQueue = {
  /** Returns the message's id. The message is on disk when this returns. */
  send(body: string, attributes?: MessageAttributes): string;
  /** Call it after messages arrived by another way. */
  wake(): void;
  counts(): QueueCounts;
  /** Starts the event source mapping to the function. */
  start(): void;
  /** Stops receiving and waits for running batches. */
  stop(): Promise<void>;
};

/**
 * Emulates a standard SQS queue with its Lambda event source mapping.
 *
 * Visibility and retention follow the clock. As in SQS, a message may arrive more than once: when the process ends between the function's
 * success and the deletion here.
 */
export function createQueue(options: QueueOptions): LocalQueue {
  const { clock, settings } = options;
  const messages = createMessageTable(options.state, options.name, settings);
  const batches = new Set<Promise<void>>();
  let running = false;
  let turn: NodeJS.Immediate | undefined;
  let timer: NodeJS.Timeout | undefined;

  /** One turn for everything sent in the same tick, so that a burst fills batches. */
  function wake(): void {
    if (running) turn ??= setImmediate(takeTurn);
  }

  function takeTurn(): void {
    turn = undefined;
    clearTimeout(timer);
    while (batches.size < settings.maximumConcurrency) {
      const batch = messages.receive(clock.now());
      if (batch.length === 0) break;
      const done = deliver(batch).finally(() => {
        batches.delete(done);
        wake();
      });
      batches.add(done);
    }
    const next = messages.nextTurnAt(clock.now());
    // At full concurrency, the end of a batch starts the next turn.
    if (next === undefined || batches.size >= settings.maximumConcurrency) return;
    timer = setTimeout(wake, Math.min(Math.max(next - clock.now(), 1), maxTimerMs));
  }

  async function deliver(batch: StoredMessage[]): Promise<void> {
    const event = { Records: batch.map((message) => toRecord(message, options.arn)) };
    const outcome = await options.functions.invoke(options.functionKey, event);
    const ids = batch.map((message) => message.messageId);
    messages.settle(ids, failedMessages(ids, outcome, settings.reportBatchItemFailures));
  }

  clock.onAdvance(wake);
  return {
    send(body, attributes) {
      const id = messages.add({ body, attributes }, clock.now());
      wake();
      return id;
    },
    wake,
    counts: () => messages.counts(clock.now()),
    start() {
      running = true;
      wake();
    },
    async stop() {
      running = false;
      clearImmediate(turn);
      turn = undefined;
      clearTimeout(timer);
      await Promise.all(batches);
    },
  };
}

function toRecord(message: StoredMessage, arn: string) {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: 'AIDALOCALEVENTBRIDGE1',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    },
    messageAttributes: Object.fromEntries(Object.entries(message.attributes).map(([name, value]) => [name, recordAttribute(value)])),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3],
  };
}

function recordAttribute({ DataType, StringValue }: MessageAttributes[string]) {
  return { stringValue: StringValue, stringListValues: [], binaryListValues: [], dataType: DataType };
}
