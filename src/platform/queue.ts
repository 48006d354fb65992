import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type BatchRecord, handleBatch, type Turn } from './batch.ts';
import { createLogger, describeError } from './log.ts';
import { createMetrics, type MetricCount, type MetricName, type Metrics } from './metrics.ts';
import { UNKNOWN_TENANT } from './reserved-tenants.ts';

export type RecordOutcome = { tenant: string; type: string; outcome: string };

/** `sentAt` is when the queue took the message, in milliseconds since the epoch. */
export type QueueMessage = { body: string; sentAt: number; attributes: Record<string, string> };

export type Failure = { messageId: string } & (
  | { outcome: 'early' | 'failed'; error: ReturnType<typeof describeError> }
  | { outcome: 'not-started' }
);

/** Throw it for a message that arrived too early. It is delivered again and counts as `early`, not as `failed`. */
export class CameTooEarly extends Error {
  override name = 'CameTooEarly';
}

/**
 * Wraps every function that reads a queue. Each record succeeds or fails alone; failed ones are delivered again. Writes one log line per
 * turn and a metric per type and outcome.
 */
export function queueHandler(
  name: string,
  handle: (message: QueueMessage) => Promise<RecordOutcome>,
  counted: MetricName = 'notifications',
) {
  const logger = createLogger(name);
  const metrics = createMetrics(name);
  const report = (turn: Turn<RecordOutcome>) => reportBatch({ logger, metrics, counted }, turn.outcomes, failuresOf(turn));
  const work = { handle: async ({ record }: QueueRecord) => handle(parseMessage(record)), report, logger };
  const answerBatch = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const comesAgain = await handleBatch(event.Records.map(sizedRecord), work, context);
    return { batchItemFailures: comesAgain.map((itemIdentifier) => ({ itemIdentifier })) };
  };
  return middy<SQSEvent, SQSBatchResponse>().use(injectLambdaContext(logger)).handler(answerBatch);
}

type QueueRecord = BatchRecord & { record: SQSRecord };

function sizedRecord(record: SQSRecord): QueueRecord {
  const receiveCount = Number(record.attributes.ApproximateReceiveCount);
  return { id: record.messageId, bytes: Buffer.byteLength(record.body), receiveCount, record };
}

function parseMessage({ body, attributes, messageAttributes }: SQSRecord): QueueMessage {
  const texts = Object.entries(messageAttributes).map(([name, { stringValue = '' }]) => [name, stringValue]);
  return { body, sentAt: Number(attributes.SentTimestamp), attributes: Object.fromEntries(texts) };
}

export function failuresOf({ failed, notStarted }: Turn<unknown>): Failure[] {
  return [
    ...failed.map(({ id, error }) => failureOf(id, error)),
    ...notStarted.map((messageId): Failure => ({ messageId, outcome: 'not-started' })),
  ];
}

function failureOf(messageId: string, error: unknown): Failure {
  return { messageId, outcome: error instanceof CameTooEarly ? 'early' : 'failed', error: describeError(error) };
}

export type QueueOptions = { logger: Logger; metrics: Metrics; counted: MetricName };

export function reportBatch({ logger, metrics, counted }: QueueOptions, outcomes: RecordOutcome[], failures: Failure[]): void {
  const failed = failures.map(({ outcome }) => ({ tenant: UNKNOWN_TENANT, type: 'Unknown', outcome }));
  const counts = Map.groupBy([...outcomes, ...failed], ({ tenant, type, outcome }) => `${tenant} ${type} ${outcome}`);
  metrics([...counts.values()].flatMap((group) => countOf(counted, group)));
  const summary = Object.fromEntries(
    Map.groupBy(outcomes, ({ outcome }) => outcome)
      .entries()
      .map(([outcome, group]) => [outcome, group.length]),
  );
  const tenants = [...new Set(outcomes.map(({ tenant }) => tenant))];
  if (failures.length === 0) logger.info('batch handled', { tenants, ...summary });
  else logger.error('batch handled in part: the failed messages come again', { tenants, ...summary, failures });
}

function countOf(name: MetricName, group: RecordOutcome[]): MetricCount[] {
  const [first] = group;
  return first ? [{ name, ...first, count: group.length }] : [];
}
