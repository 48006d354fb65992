import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';

/** The used part of the durable SDK's test runner. */
export type SdkTestRunner = {
  LocalDurableTestRunner: {
    new (options: { handlerFunction: ReturnType<typeof withDurableExecution> }): { run(options: { payload: unknown }): Promise<Execution> };
    setupTestEnvironment(options: { skipTime: boolean }): Promise<void>;
    teardownTestEnvironment(): Promise<void>;
  };
};
type Operation = { getType(): string; getName(): string | undefined };
type Execution = { getOperations(): Operation[]; getStatus(): string | undefined; getResult(): unknown };

/** `history` has the operations in order as "type name"; `entries` counts the calls of the function. */
export type SdkRun = { history: string[]; entries: number; status: string | undefined; result: unknown };

/** The test runner replaces the timers of its process to skip time. */
export async function runUnderSdk(
  { LocalDurableTestRunner }: SdkTestRunner,
  workflow: (input: unknown, context: DurableContext) => Promise<unknown>,
  payload: unknown,
): Promise<SdkRun> {
  // For each run: with one environment for all, the runner only replays the first of them.
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
