import * as z from 'zod';

const VitestReport = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

/** What vitest counted, each failure in words. */
export type TestCount = { passed: number; failed: number; faults: string[] };

/**
 * Counts what vitest's JSON reporter wrote. Beside a test that failed, a failure is a file that failed with none of its tests, since it could
 * not be loaded or a hook of it failed, and a test that was skipped or is to be written, since what it claims was not seen. Errors that no test
 * caught are not in the report: only vitest's exit code tells of them.
 */
export function countTests(report: string): TestCount {
  const { numPassedTests, testResults } = VitestReport.parse(JSON.parse(report));
  const faults = testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const notRun = assertionResults.filter((test) => test.status !== 'failed' && test.status !== 'passed');
    return [
      ...failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${failureMessages?.join('\n') ?? ''}`),
      ...(status === 'failed' && failed.length === 0 ? [`${file} failed outside of its tests: ${message}`] : []),
      ...notRun.map((test) => `${file}: ${test.fullName}: did not run (${test.status})`),
    ];
  });
  return { passed: numPassedTests, failed: faults.length, faults };
}
