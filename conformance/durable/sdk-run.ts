import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';

/** What is used of the test runner that belongs to the durable SDK. */
export type SdkTestRunner = {
  LocalDurableTestRunner: {
    new (options: { handlerFunction: ReturnType<typeof withDurableExecution> }): { run(options: { payload: unknown }): Promise<Execution> };
    setupTestEnvironment(options: { skipTime: boolean }): Promise<void>;
    teardownTestEnvironment(): Promise<void>;
  };
};
type Operation = { getType(): string; getName(): string | undefined };
type Execution = { getOperations(): Operation[]; getStatus(): string | undefined; getResult(): unknown };

/** How a run went: its operations in order as "type name", how often its function was entered, and how it ended. */
export type SdkRun = { history: string[]; entries: number; status: string | undefined; result: unknown };

/** Runs a durable function to its end under the SDK's own test runner, which replaces the timers of its process to skip time. */
export async function runUnderSdk(
  { LocalDurableTestRunner }: SdkTestRunner,
  workflow: (input: unknown, context: DurableContext) => Promise<unknown>,
  payload: unknown,
): Promise<SdkRun> {
  // For each run anew: with one environment for all, it replays only the first of them.
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
  let entries = 0;
  const handler = withDurableExecution(workflow);
  const handlerFunction: typeof handler = (event, context: Context) => {
    entries += 1;
    return handler(event, context);
  };
  try {
    const execution = await new LocalDurableTestRunner({ handlerFunction }).run({ payload });
    const history = execution.getOperations().map((operation) => `${operation.getType().toLowerCase()} ${operation.getName()}`);
    return { history, entries, status: execution.getStatus(), result: execution.getResult() };
  } finally {
    await LocalDurableTestRunner.teardownTestEnvironment();
  }
}
