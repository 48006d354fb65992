import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/package-once.ts'],
    setupFiles: ['test/no-personal-data.ts'],
    // What is logged by `console` goes where all other lines go, and is looked through with them.
    disableConsoleIntercept: true,
    // What src/runtime/settings.ts asks for when a test imports a handler.
    env: {
      STAGE: 'test',
      FUNCTION_PREFIX: 'totogi-notifications-test',
      TABLE_NAME: 'totogi-notifications-test',
      POWERTOOLS_METRICS_NAMESPACE: 'totogi-notifications-test',
      QUEUES_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000',
    },
    pool: 'forks',
    // Much of the time of a test here is waiting for a process of its own: more workers than half the cores pay.
    maxWorkers: 3,
    // Only ends what hangs: on a machine that is busy with others, a test that kills processes takes many times as long as alone.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
