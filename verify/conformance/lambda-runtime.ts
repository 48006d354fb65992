import * as z from 'zod';
import { createDrain } from '../../local/drain.ts';
import { packageStack } from '../../local/template/package-stack.ts';
import { functionPrefix } from '../../local/template/packaged-stack.ts';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { minimalEvents } from '../../test/cloudformation/minimal-events.ts';
import { claimBatches } from './lambda-runtime/batches.ts';
import { openRuntimeEnvironment, type RuntimeEnvironment } from './lambda-runtime/environment.ts';
import type { Figures } from './lambda-runtime/sandboxes.ts';
import { installNpmPackage } from './parts/install.ts';
import { versions } from './parts/versions.ts';
import { type Claims, createClaims, type Suite } from './suite.ts';

/** Enough for everything that the batches start to finish. */
const PATIENCE_MILLISECONDS = 60_000;

const Executions = z.object({ DurableExecutions: z.array(z.object({ Status: z.string() })) });

/** Runs every zip under AWS's own runtime client for Node, each in its own process. */
export const lambdaRuntimeSuite: Suite = {
  name: 'lambda-runtime',
  about: "every zip runs under AWS's runtime client for Node, cold and warm",
  needs: ['compiler'],
  async run({ log }) {
    await packageStack({ log: log });
    const client = await installNpmPackage('aws-lambda-ric', log, { compiles: true });
    const environment = await openRuntimeEnvironment(client);
    try {
      const claims = createClaims();
      await claimBatches(claims, environment);
      await claimWorkflows(claims, environment);
      await claimAnswers(claims, environment);
      const figures = environment.functions.figures();
      for (const { key } of environment.stack.functions)
        claims.claim((figures.get(key)?.invocations.length ?? 0) > 1, `${key} never ran warm`);
      const invocations = [...figures.values()].reduce((sum, { invocations: own }) => sum + own.length, 0);
      return {
        findings: [claims.finding(`aws-lambda-ric ${versions['aws-lambda-ric']}`, `${figures.size} zips, ${invocations} invocations`)],
        faults: claims.faults,
        notes: [
          `Node ${process.version}; started in, first invocation, median of the others, in milliseconds:`,
          ...describeFigures(figures),
        ],
      };
    } finally {
      await environment.close();
    }
  },
};

/** Every workflow must have executions, and none may have failed. */
async function claimWorkflows(claims: Claims, { durable }: RuntimeEnvironment): Promise<void> {
  const executionsOf = async (workflow: string) => {
    const path = `/2025-12-01/functions/${functionPrefix}-${workflow}/durable-executions`;
    const reply = await durable.handle({
      method: 'GET',
      path,
      query: new URLSearchParams({ Qualifier: 'durable' }),
      headers: {},
      body: '',
    });
    return Executions.parse(JSON.parse(reply?.body ?? '{}')).DurableExecutions;
  };
  await createDrain({ functions: { running: () => ({}) }, durable, queues: {} })({ timeoutMs: PATIENCE_MILLISECONDS });
  for (const workflow of WORKFLOWS) {
    const statuses = (await executionsOf(workflow)).map(({ Status }) => Status);
    const isWell = statuses.length > 0 && statuses.every((status) => status === 'RUNNING' || status === 'SUCCEEDED');
    claims.claim(isWell, `${workflow} has the executions ${statuses.join(', ') || 'none'}`);
  }
}

/** Invokes each of the other functions twice: a minimal event must get an answer and break nothing. */
async function claimAnswers(claims: Claims, { stack, functions }: RuntimeEnvironment): Promise<void> {
  for (const { key, durable } of stack.functions) {
    claims.claim(key in minimalEvents, `no event is written down for ${key}: test/cloudformation/minimal-events.ts`);
    for (const when of ['first', 'then']) {
      const outcome = await functions.invoke(key, minimalEvents[key]);
      const isAnswered = outcome.ok && (durable ? reportsFailure(outcome.payload) : !isServerError(outcome.payload));
      claims.claim(isAnswered, `${key} answered ${when} with ${JSON.stringify(outcome)}`);
    }
  }
}

/** A durable function must report an unknown execution as failed. */
function reportsFailure(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'Status' in payload && payload.Status === 'FAILED';
}

function isServerError(payload: unknown): boolean {
  const status = typeof payload === 'object' && payload !== null && 'statusCode' in payload ? payload.statusCode : undefined;
  return typeof status === 'number' && status >= 500;
}

function describeFigures(figures: Map<string, Figures>): string[] {
  const width = Math.max(...[...figures.keys()].map((key) => key.length));
  return [...figures].sort().map(
    ([
      key,
      {
        initMilliseconds,
        invocations: [cold = 0, ...warm],
      },
    ]) => {
      const median = warm.toSorted((first, second) => first - second)[Math.floor(warm.length / 2)] ?? 0;
      return `${key.padEnd(width)} ${initMilliseconds.toFixed(0).padStart(6)} ${cold.toFixed(1).padStart(8)} ${median.toFixed(1).padStart(8)}`;
    },
  );
}
