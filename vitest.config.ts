import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Tests of what develops, packages and verifies the product, and those that kill processes: `npm run test:tools`. All others are the
 * product's own: `npm test`.
 */
export const TOOLS = [
  'test/messaging/crashes.test.ts',
  'test/cloudformation/zips.test.ts',
  'test/service/{kills,service-restarts}.test.ts',
  'test/platform/patterns/**/*.test.ts',
  'test/{ci,commands,local,tooling,verify}/**/*.test.ts',
];

/** Files that a suite of `npm run conformance` leaves out, comma-separated. */
const LEFT_OUT = process.env.TEST_LEFT_OUT?.split(',') ?? [];

const ROLE = 'arn:aws:iam::000000000000:role/test';

/** What every test of the project runs with. */
export const shared = {
  globalSetup: ['test/package-once.ts'],
  setupFiles: ['test/no-personal-data.ts'],
  // What src/platform/settings.ts asks for when a test imports a handler.
  env: {
    STAGE: 'test',
    FUNCTION_PREFIX: 'totogi-notifications-test',
    TABLE_NAME: 'totogi-notifications-test',
    POWERTOOLS_METRICS_NAMESPACE: 'totogi-notifications-test',
    TIMELINE_SHARDS: '8',
    QUEUES_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000',
    CURSOR_KEYS: 'k'.repeat(32),
    TOTOGI_KEYS_ROLE: ROLE,
    LOOKUP_API_DATA_ROLE: ROLE,
    PROFILES_API_DATA_ROLE: ROLE,
    OPERATIONS_API_DATA_ROLE: ROLE,
    OFFERS_API_DATA_ROLE: ROLE,
    DEMO_API_DATA_ROLE: ROLE,
  },
  pool: 'forks' as const,
  // Test files of one process share their modules: loading them takes longer than most files. What a file changes, it puts back.
  isolate: false,
  // Only ends what hangs: on a machine that is busy with others, a test that kills processes takes many times as long as alone.
  testTimeout: 120_000,
  hookTimeout: 60_000,
  // What is logged by `console` goes where all other lines go, and is looked through with them.
  disableConsoleIntercept: true,
};

/** The tests of the whole service take longest: started last, they would run alone. */
class ServiceFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/test/service/');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    // Much of the time of a test here is waiting for a process of its own: more workers than half the cores pay.
    maxWorkers: 3,
    sequence: { sequencer: ServiceFirst },
    projects: [
      { test: { ...shared, name: 'product', include: ['test/**/*.test.ts'], exclude: [...TOOLS, ...LEFT_OUT] } },
      { test: { ...shared, name: 'tools', include: TOOLS } },
    ],
  },
});
