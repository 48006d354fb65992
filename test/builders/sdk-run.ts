import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { DurableRun } from './durable-run.ts';

/** What is used of the test runner that belongs to the durable SDK. */
type SdkTestRunner = {
  LocalDurableTestRunner: {
    new (options: { handlerFunction: ReturnType<typeof withDurableExecution> }): { run(options: { payload: unknown }): Promise<Execution> };
    setupTestEnvironment(options: { skipTime: boolean }): Promise<void>;
    teardownTestEnvironment(): Promise<void>;
  };
};
type Operation = { getType(): string; getName(): string | undefined };
type Execution = { getOperations(): Operation[]; getStatus(): string | undefined; getResult(): unknown };

/** Runs a durable function to its end under the SDK's own test runner, which skips time. `module` is the address of that package. */
export async function runUnderSdk(
  module: string,
  told: (input: unknown, context: DurableContext) => Promise<unknown>,
  payload: unknown,
): Promise<DurableRun> {
  const { LocalDurableTestRunner }: SdkTestRunner = await import(module);
  // For each run anew: with one environment for all, it replays only the first of them.
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  onTestFinished(() => LocalDurableTestRunner.teardownTestEnvironment());
  let entries = 0;
  const handler = withDurableExecution(told);
  const runner = new LocalDurableTestRunner({
    handlerFunction: (event, context: Context) => {
      entries += 1;
      return handler(event, context);
    },
  });
  const execution = await runner.run({ payload });
  return {
    history: execution.getOperations().map((operation) => `${operation.getType().toLowerCase()} ${operation.getName()}`),
    entries,
    status: String(execution.getStatus()),
    result: execution.getResult(),
  };
}
