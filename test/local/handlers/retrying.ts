import { withDurableExecution } from '@aws/durable-execution-sdk-js';

/** A step that fails until its last attempt, an hour apart. */
export const handler = withDurableExecution<{ succeedsAtAttempt: number }, number>(({ succeedsAtAttempt }, context) =>
  context.step(
    'fail-at-first',
    async ({ attempt }) => {
      if (attempt < succeedsAtAttempt) throw new Error(`attempt ${attempt} failed`);
      return attempt;
    },
    { retryStrategy: (_error, attempt) => ({ shouldRetry: attempt < 5, delay: { seconds: 60 } }) },
  ),
);
