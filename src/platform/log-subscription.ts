import { gunzipSync } from 'node:zlib';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { CloudWatchLogsEvent, Context } from 'aws-lambda';
import * as z from 'zod';
import { type BatchRecord, handleBatch, type Turn } from './batch.ts';
import { createLogger } from './log.ts';
import { createMetrics, type MetricName } from './metrics.ts';
import { failuresOf, type RecordOutcome, reportBatch } from './queue.ts';

/** `loggedAt` in milliseconds since the epoch. */
export type LogLine = { message: string; loggedAt: number };

/** A control message only tests the subscription. */
const LogBatch = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logEvents: z.array(z.object({ id: z.string(), timestamp: z.number(), message: z.string() })),
});

/**
 * Wraps every function that reads a log. When some lines fail the whole batch fails, so that Lambda retries it and finally moves it to the
 * dead-letter queue. So handling a line must be safe to repeat.
 */
export function logSubscriptionHandler(name: string, handle: (line: LogLine) => Promise<RecordOutcome>, counted: MetricName) {
  const logger = createLogger(name);
  const metrics = createMetrics(name);
  const report = (turn: Turn<RecordOutcome>) => reportBatch({ logger, metrics, counted }, turn.outcomes, failuresOf(turn));
  const work = { handle: async ({ line }: LineRecord) => handle(line), report, logger };
  const handleEvent = async (event: CloudWatchLogsEvent, context: Context): Promise<void> => {
    const { messageType, logEvents } = LogBatch.parse(JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString('utf8')));
    if (messageType === 'CONTROL_MESSAGE') return;
    const comesAgain = await handleBatch(logEvents.map(sizedLine), work, context);
    if (comesAgain.length > 0) throw new Error(`${comesAgain.length} of ${logEvents.length} lines could not be handled.`);
  };
  return middy<CloudWatchLogsEvent, void>().use(injectLambdaContext(logger)).handler(handleEvent);
}

type LineRecord = BatchRecord & { line: LogLine };

function sizedLine({ id, timestamp, message }: { id: string; timestamp: number; message: string }): LineRecord {
  return { id, bytes: Buffer.byteLength(message), receiveCount: 1, line: { message, loggedAt: timestamp } };
}
