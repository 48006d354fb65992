/** Runs packaged functions one after the other and measures each invocation. */
import { createRequire } from 'node:module';
import { place } from '../../local/aws-scope.ts';
import type { InvocationOutcome } from '../../local/functions/invocation.ts';
import { lambdaContext } from '../../local/functions/lambda-context.ts';
import { shiftDate } from '../../local/functions/shifted-date.ts';
import { markRequests, traced } from '../../local/functions/trace.ts';
import { functionPrefix } from '../../local/template/packaged-stack.ts';
import type { PackagedBundles, PackagedInvocation, PackagedOutcome } from './packaged-functions.ts';

const TIMEOUT_MILLISECONDS = 60_000;

const require = createRequire(import.meta.url);
let offset = 0;
let logBytes = 0;
shiftDate(() => offset);
markRequests();
process.stdout.write = (chunk: string | Uint8Array) => {
  logBytes += Buffer.byteLength(chunk);
  return true;
};

process.once('message', ({ bundles }: PackagedBundles) => {
  process.on('message', async (invocation: PackagedInvocation) => {
    const handler = require(bundles[invocation.key] ?? '').handler;
    offset = invocation.offsetMilliseconds;
    logBytes = 0;
    const before = process.cpuUsage();
    const outcome = await invoke(handler, invocation);
    const { user, system } = process.cpuUsage(before);
    process.send?.({ outcome, processorTime: user + system, logBytes } satisfies PackagedOutcome);
  });
});

async function invoke(
  handler: (event: unknown, context: unknown) => unknown,
  { key, requestId, event }: PackagedInvocation,
): Promise<InvocationOutcome> {
  const context = lambdaContext({ ...place, functionPrefix }, { key, requestId, timeoutMs: TIMEOUT_MILLISECONDS });
  try {
    return { ok: true, payload: (await traced(requestId, () => handler(event, context))) ?? null };
  } catch (error) {
    const [errorType, errorMessage] = error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
    return { ok: false, errorType, errorMessage };
  }
}
