import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endWithUs } from '../../commands/leave-nothing.ts';
import { unpackFunction } from '../../conformance/parts/packaged-function.ts';
import { place } from '../../local/aws-scope.ts';
import { localEnvironment } from '../../local/functions/environment.ts';
import type { InvocationOutcome } from '../../local/functions/invocation.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import type { Meter } from './meter.ts';
import type { Host } from './metered-service.ts';

export type PackagedInvocation = { requestId: string; key: string; event: unknown; offsetMilliseconds: number };
export type PackagedOutcome = { outcome: InvocationOutcome; processorTime: number; logBytes: number };
export type PackagedBundles = { bundles: Record<string, string> };

/** These packaged functions in their own process, one invocation after the other, so that each can be measured. */
export type PackagedFunctions = { host: Host; close(): Promise<void> };

/** The process starts together with the service. */
export async function openPackagedFunctions(keys: readonly string[]): Promise<PackagedFunctions> {
  const { environment } = await readPackagedStack(place);
  const bundles: Record<string, string> = {};
  for (const key of keys) {
    const { folder, handler } = await unpackFunction(key);
    bundles[key] = join(folder, handler.replace(/handler$/, 'js'));
  }
  const processes: Process[] = [];
  return {
    host(functions, { meter, clock }) {
      const child = startProcess({ bundles }, environmentFor(environment, meter));
      processes.push(child);
      return {
        ...functions,
        async invoke(key, event, requestId = '') {
          if (!(key in bundles)) return functions.invoke(key, event, requestId);
          const invocation = () => ({ requestId, key, event, offsetMilliseconds: clock.offsetMs() });
          const { outcome, processorTime, logBytes } = await child.invoke(invocation);
          const usage = meter.usageOf(key);
          usage.processorTime += processorTime;
          usage.logBytes += logBytes;
          return outcome;
        },
      };
    },
    close: async () => {
      for (const child of processes) await child.end();
    },
  };
}

function environmentFor(own: Record<string, string>, { url }: Meter): Record<string, string> {
  const addresses = { awsUrl: url, carriersUrl: url, totogiUrl: url, dynamoDbUrl: url, apiUrl: 'https://api.bench.example' };
  return localEnvironment(own, { ...addresses, region: place.region, cursorKey: 'bench' });
}

type Process = { invoke(invocation: () => PackagedInvocation): Promise<PackagedOutcome>; end(): Promise<void> };

function startProcess(bundles: PackagedBundles, environment: Record<string, string>): Process {
  const child = fork(new URL('packaged-process.ts', import.meta.url), { env: { PATH: process.env.PATH, ...environment } });
  endWithUs(child);
  const finished = once(child, 'exit');
  child.send(bundles);
  let last: Promise<unknown> = Promise.resolve();
  async function invoke(invocation: PackagedInvocation): Promise<PackagedOutcome> {
    const settled = once(child, 'message');
    child.send(invocation);
    const answer = await Promise.race([settled, finished.then(([code]) => Promise.reject(new Error(`The functions ended with ${code}.`)))]);
    return answer[0];
  }
  return {
    invoke(invocation) {
      const outcome = last.then(() => invoke(invocation()));
      last = outcome.catch(() => undefined);
      return outcome;
    },
    async end() {
      child.kill('SIGKILL');
      await finished;
    },
  };
}
