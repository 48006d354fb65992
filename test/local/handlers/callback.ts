import { writeFileSync } from 'node:fs';
import { CallbackTimeoutError, withDurableExecution } from '@aws/durable-execution-sdk-js';

/** Writes the id of its callback to a file and waits for the answer, a day at most, with a sign of life each hour if so asked. */
export const handler = withDurableExecution<{ file: string; heartbeat?: boolean }, string>(async ({ file, heartbeat }, context) => {
  try {
    const answer = await context.waitForCallback<string>('wait-for-answer', async (callbackId) => writeFileSync(file, callbackId), {
      timeout: { days: 1 },
      ...(heartbeat ? { heartbeatTimeout: { hours: 1 } } : {}),
      serdes: { deserialize: async (value) => value },
    });
    return `answered ${answer}`;
  } catch (error) {
    return error instanceof CallbackTimeoutError ? 'timed out' : `refused ${error instanceof Error ? error.message : ''}`;
  }
});
