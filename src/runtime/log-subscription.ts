import { gunzipSync } from 'node:zlib';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import * as z from 'zod';
import { openLogger } from './log.ts';
import { openMetrics } from './metrics.ts';
import { type Counted, type Failure, failureOf, type RecordOutcome, reportBatch } from './queue.ts';

/** A line of a log; `loggedAt` is in milliseconds since the epoch. */
export type LogLine = { message: string; loggedAt: number };

/** What CloudWatch Logs sends. A control message only asks whether anybody is there. */
const LogBatch = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logEvents: z.array(z.object({ id: z.string(), timestamp: z.number(), message: z.string() })),
});

/**
 * The wrapper of every function that reads a log. All lines of a batch are handled; when some failed, the whole batch fails, so that
 * Lambda tries it again and leaves it in the dead-letter queue in the end. Handling a line twice must therefore be harmless.
 */
export function logSubscriptionHandler(name: string, handle: (line: LogLine) => Promise<RecordOutcome>, counted: Counted) {
  const logger = openLogger(name);
  const metrics = openMetrics(name);
  const handleBatch = async (event: CloudWatchLogsEvent): Promise<void> => {
    const { messageType, logEvents } = LogBatch.parse(JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString('utf8')));
    if (messageType === 'CONTROL_MESSAGE') return;
    const outcomes: RecordOutcome[] = [];
    const failures: Failure[] = [];
    for (const { id, timestamp, message } of logEvents) {
      try {
        outcomes.push(await handle({ message, loggedAt: timestamp }));
      } catch (error) {
        failures.push(failureOf(id, error));
      }
    }
    reportBatch({ logger, metrics, counted }, outcomes, failures);
    if (failures.length > 0) throw new Error(`${failures.length} of ${logEvents.length} lines could not be handled.`);
  };
  return middy<CloudWatchLogsEvent, void>().use(injectLambdaContext(logger)).handler(handleBatch);
}
