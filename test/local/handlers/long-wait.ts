import { appendFileSync } from 'node:fs';
import { withDurableExecution } from '@aws/durable-execution-sdk-js';

/** Writes a line, waits for as long as asked, writes another, answers the days that passed for it. */
export const handler = withDurableExecution<{ file: string; waitSeconds: number }, { waitedSeconds: number }>(
  async ({ file, waitSeconds }, context) => {
    const startedAt = await context.step('write-before', async () => {
      appendFileSync(file, 'before\n');
      return Date.now();
    });
    await context.wait('long-wait', { seconds: waitSeconds });
    const finishedAt = await context.step('write-after', async () => {
      appendFileSync(file, 'after\n');
      return Date.now();
    });
    return { waitedSeconds: Math.floor((finishedAt - startedAt) / 1_000) };
  },
);
