import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { StepSemantics, withDurableExecution } from '@aws/durable-execution-sdk-js';

/** A step that must not be repeated: it writes a line and takes a long time; a run that finds it interrupted says that it does not know. */
export const handler = withDurableExecution<{ file: string; holdMs: number }, string>(async ({ file, holdMs }, context) => {
  try {
    return await context.step(
      'send-once',
      async () => {
        appendFileSync(file, 'sent\n');
        await setTimeout(holdMs);
        return 'sent';
      },
      { semantics: StepSemantics.AtMostOncePerRetry, retryStrategy: () => ({ shouldRetry: false }) },
    );
  } catch {
    return 'unknown';
  }
});
