import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { projectDirectory } from '../../commands/package/run-packager.ts';
import { conformanceDirectory } from '../parts/install.ts';
import { runProgram } from '../parts/run-program.ts';

/** The store's own suite, and the front doors that write and read through it. */
const contract = ['test/store', 'test/handlers', 'test/channels/message-delivery.test.ts'];

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

/** Runs the contract on the DynamoDB at an endpoint; answers what vitest counted. */
export async function runContract(endpoint: string): Promise<{ passed: number; failed: number; faults: string[] }> {
  const report = join(conformanceDirectory, 'work', 'store.json');
  await mkdir(dirname(report), { recursive: true });
  await rm(report, { force: true });
  const { errors } = await runProgram({
    command: process.execPath,
    arguments: [
      fileURLToPath(new URL('node_modules/vitest/vitest.mjs', projectDirectory)),
      'run',
      ...contract,
      ...['--reporter=json', `--outputFile.json=${report}`],
    ],
    environment: { TEST_DYNAMODB_ENDPOINT: endpoint },
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
      ...unloaded.map(({ name, message }) => `${name} could not run: ${message}`),
      ...failures.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages?.[0]?.split('\n')[0] ?? ''}`),
    ],
  };
}
