import { appendFileSync, readFileSync } from 'node:fs';
import { withDurableExecution } from '@aws/durable-execution-sdk-js';

/** Ends its whole thread, until it was tried as often as asked. */
export const handler = withDurableExecution<{ file: string; crashes: number }, string>(async ({ file, crashes }, context) => {
  appendFileSync(file, 'x');
  if (readFileSync(file, 'utf8').length <= crashes) {
    setImmediate(() => {
      throw new Error('the thread is lost');
    });
    await new Promise(() => undefined);
  }
  return context.step('survive', async () => 'survived');
});
