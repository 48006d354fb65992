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

/** Vitest's counts, and each failure in words. */
export type TestCount = { passed: number; failed: number; faults: string[] };

/**
 * Counts the results in the report of vitest's JSON reporter. Besides a failed test, these count as failures: a file that failed outside
 * its tests, such as in a hook, and a test that was skipped or is still to do, since its claim was not checked. The report lacks errors
 * that no test caught: only vitest's exit code shows them.
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
