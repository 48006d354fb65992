import { START, workflowIn } from '../../../test/builders/workflow-world.ts';
import { PINNED_HISTORIES } from '../../../test/workflows/pinned-histories.ts';
import { runUnderSdk, type SdkTestRunner } from './sdk-run.ts';

/**
 * A program: `node run-histories.ts <address of the SDK's test runner> <number of the case> ...` runs each case under that runner, in its
 * own process, and prints each result as a line of JSON.
 */
const [module = '', ...cases] = process.argv.slice(2);
const runner: SdkTestRunner = await import(module);
for (const number of cases.map(Number)) {
  const [workflow, , world] = PINNED_HISTORIES[number] ?? [];
  if (workflow === undefined) throw new Error(`There is no case ${number}.`);
  const { handler, sent } = workflowIn(workflow, world);
  process.stdout.write(`${JSON.stringify({ case: number, ...(await runUnderSdk(runner, handler, START)), sent })}\n`);
}
