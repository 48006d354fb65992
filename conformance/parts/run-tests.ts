import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { projectDirectory } from '../../commands/package/run-packager.ts';
import { conformanceDirectory } from './install.ts';
import { runProgram } from './run-program.ts';

const VitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
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

/** Runs tests of the project with vitest, in an environment of their own. `words` go on its command line; `name` names the report. */
export async function runTests(name: string, words: string[], environment: Record<string, string>): Promise<TestCount> {
  const report = join(conformanceDirectory, 'work', `${name}.json`);
  await mkdir(dirname(report), { recursive: true });
  await rm(report, { force: true });
  const { errors } = await runProgram({
    command: process.execPath,
    arguments: [
      fileURLToPath(new URL('node_modules/vitest/vitest.mjs', projectDirectory)),
      'run',
      ...words,
      ...['--reporter=json', `--outputFile.json=${report}`],
    ],
    environment,
  });
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`vitest left no report: ${errors}`);
  const { numPassedTests, numFailedTests, testResults } = VitestReport.parse(JSON.parse(text));
  const unloaded = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const failures = testResults.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed'));
  return {
    passed: numPassedTests,
    failed: numFailedTests + unloaded.length,
    faults: [
      ...unloaded.map(({ name: file, message }) => `${file} could not run: ${message}`),
      ...failures.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages?.[0]?.split('\n')[0] ?? ''}`),
    ],
  };
}
