import { gunzipSync } from 'node:zlib';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { CloudWatchLogsEvent, Context } from 'aws-lambda';
import * as z from 'zod';
import { type BatchRecord, handleBatch, type Turn } from './batch.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { type Counted, failuresOf, type RecordOutcome, reportBatch } from './queue.ts';

/** A line of a log; `loggedAt` is in milliseconds since the epoch. */
export type LogLine = { message: string; loggedAt: number };

/** What CloudWatch Logs sends. A control message only asks whether anybody is there. */
const LogBatch = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logEvents: z.array(z.object({ id: z.string(), timestamp: z.number(), message: z.string() })),
});

/**
 * The wrapper of every function that reads a log. Lines are handled as those of a queue are; when some failed, the whole batch fails, so that
 * Lambda tries it again and leaves it in the dead-letter queue in the end. Handling a line twice must therefore be harmless.
 */
export function logSubscriptionHandler(name: string, handle: (line: LogLine) => Promise<RecordOutcome>, counted: Counted) {
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
