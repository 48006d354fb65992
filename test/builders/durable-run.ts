import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { onTestFinished, vi } from 'vitest';
import { type Clock, createClock } from '../../local/clock.ts';
import { createDurableExecutions } from '../../local/durable/durable-executions.ts';
import type { InvocationOutcome } from '../../local/functions/invocation.ts';
import { temporaryState } from '../local/temporary-state.ts';
import { lambdaContext } from './lambda.ts';

const FUNCTION = { key: 'told', name: 'fixture-told' };
const PLACE = { region: 'us-east-1', accountId: '000000000000' };
const DAY_SECONDS = 24 * 3_600;
const PATIENCE = { timeout: 20_000, interval: 2 };

type WorkflowUnderTest = (input: unknown, context: DurableContext) => Promise<unknown>;

/** What may be other than usual: whose clock it is, what happens to an invocation, and what happens outside while the run waits. */
export type RunOptions = {
  clock?: Clock;
  invocation?: (work: () => Promise<InvocationOutcome>) => Promise<InvocationOutcome>;
  /** Before time moves on to what is due next. */
  whenWaiting?: () => Promise<void>;
  /** A step that is tried again goes on at this attempt: those between are alike, and each costs a replay of the run. */
  skipToAttempt?: number | undefined;
};

/** How a run went: its operations in order as "type name", how often its function was entered, and how it ended. */
export type DurableRun = { history: string[]; entries: number; status: string; result: unknown };

/**
 * Runs a durable function in this process to its end, on the local service's engine: at each wait the function leaves and is entered again,
 * and what it did before is replayed, as on Lambda. Time is moved ahead whenever it waits.
 *
 * (The SDK's own test runner replaces this process's timers while it runs, and now and then loses what the test runner waits for.)
 */
export async function runToTheEnd(workflow: WorkflowUnderTest, payload: unknown, options: RunOptions = {}): Promise<DurableRun> {
  const state = temporaryState();
  const { clock = createClock(state), invocation = (work) => work(), whenWaiting = async () => undefined } = options;
  let entries = 0;
  const endpoint = await openEndpoint((request) => durable.handle(request));
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoint);
  const client = new LambdaClient({ endpoint, region: PLACE.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  onTestFinished(() => client.destroy());
  const handler = withDurableExecution(workflow, { client });
  const invoke = async (_key: string, event: unknown): Promise<InvocationOutcome> => {
    entries += 1;
    return invocation(async () => {
      const reply: unknown = await handler(JSON.parse(JSON.stringify(event)), lambdaContext());
      return { ok: true, payload: JSON.parse(JSON.stringify(reply)) };
    });
  };
  const durable = createDurableExecutions({
    ...PLACE,
    state,
    clock,
    functions: { invoke },
    functionPrefix: 'fixture',
    deployed: { [FUNCTION.key]: { durable: { alias: 'durable', executionTimeoutSeconds: 60 * DAY_SECONDS } } },
  });
  durable.start();
  onTestFinished(durable.stop);

  const start = { FunctionName: FUNCTION.name, Qualifier: 'durable', InvocationType: 'Event' as const, Payload: JSON.stringify(payload) };
  await client.send(new InvokeCommand(start));
  const run = state.db.prepare('SELECT status, result, invoke_at FROM durable_executions');
  const due = state.db.prepare(
    'SELECT min(at) AS at FROM (SELECT due_at AS at FROM durable_operations UNION ALL SELECT invoke_at FROM durable_executions)',
  );
  const skip = state.db.prepare(
    `UPDATE durable_operations SET operation = json_set(operation, '$.StepDetails.Attempt', $attempt)
     WHERE pending = 1 AND json_extract(operation, '$.Type') = 'STEP' AND json_extract(operation, '$.StepDetails.Attempt') < $attempt`,
  );
  // A run that is tried again after a crash waits too.
  const isAtWork = () => Number(run.get()?.invoke_at ?? Number.POSITIVE_INFINITY) <= clock.now();
  for (;;) {
    await vi.waitFor(() => {
      if (isAtWork()) throw new Error('The function is at work.');
    }, PATIENCE);
    if (run.get()?.status !== 'RUNNING') break;
    await whenWaiting();
    if (options.skipToAttempt !== undefined) skip.run({ attempt: options.skipToAttempt });
    const seconds = (Number(due.get()?.at) - clock.now()) / 1_000;
    if (seconds > 0) clock.advance(seconds);
    // The engine looks what is due in its next turn.
    await setImmediate();
  }
  const operations = state.db.prepare('SELECT operation FROM durable_operations ORDER BY position').all();
  const history = operations.map(({ operation }) => JSON.parse(String(operation))).filter(({ Type }) => Type !== 'EXECUTION');
  const { status, result } = run.get() ?? {};
  return {
    history: history.map(({ Type, Name }) => `${String(Type).toLowerCase()} ${Name}`),
    entries,
    status: String(status),
    result: typeof result === 'string' ? JSON.parse(result) : undefined,
  };
}

type Answer = ReturnType<typeof createDurableExecutions>['handle'];

/** Lambda's API over HTTP, as far as a run needs it. */
async function openEndpoint(answer: Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const asked = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers, body: await text(request) };
    const reply = await answer(asked);
    response.writeHead(reply?.status ?? 404, reply?.headers).end(reply?.body);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
