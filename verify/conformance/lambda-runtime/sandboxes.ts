import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Functions } from '../../../local/functions/invocation.ts';
import { endWithUs } from '../../shared/leave-nothing.ts';
import { unpackFunction } from '../parts/packaged-function.ts';
import { openRuntimeApi, type RuntimeApi } from './runtime-api.ts';

const MAX_INVOCATION_MILLISECONDS = 60_000;
const MEMORY_MEGABYTES = '512';

/** The first invocation is the cold one. */
export type Figures = { initMilliseconds: number; invocations: number[] };

type Sandbox = { api: RuntimeApi; figures: Figures; stop(): Promise<void> };

/** Every packaged function in its own process under AWS's runtime client, which starts at the first call. */
export type Sandboxes = Functions & { figures(): Map<string, Figures>; close(): Promise<void> };

export type SandboxOptions = {
  /** The folder with the runtime client's node_modules. */
  client: string;
  environment: Record<string, string>;
  region: string;
  accountId: string;
  functionPrefix: string;
};

export function openSandboxes(options: SandboxOptions): Sandboxes {
  const sandboxes = new Map<string, Promise<Sandbox>>();
  const started = new Map<string, Figures>();
  let invocations = 0;

  function sandboxOf(key: string): Promise<Sandbox> {
    const known = sandboxes.get(key) ?? openSandbox(key, options);
    sandboxes.set(key, known);
    return known;
  }

  return {
    async invoke(key, event, requestId = `request-${++invocations}`) {
      const { api, figures } = await sandboxOf(key);
      started.set(key, figures);
      const { outcome, milliseconds } = await api.invoke(event, requestId);
      figures.invocations.push(milliseconds);
      return outcome;
    },
    figures: () => started,
    async close() {
      const open = await Promise.allSettled(sandboxes.values());
      await Promise.all(open.map((sandbox) => (sandbox.status === 'fulfilled' ? sandbox.value.stop() : undefined)));
    },
  };
}

/** The environment has Lambda's and the function's variables, and none of this process. */
async function openSandbox(key: string, { client, environment, region, accountId, functionPrefix }: SandboxOptions): Promise<Sandbox> {
  const { folder, handler } = await unpackFunction(key);
  const name = `${functionPrefix}-${key}`;
  const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const api = await openRuntimeApi({ functionArn, timeoutMilliseconds: MAX_INVOCATION_MILLISECONDS });
  const started = performance.now();
  const child = spawn(process.execPath, [join(client, 'node_modules/aws-lambda-ric/index.mjs'), handler], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      PATH: process.env.PATH,
      TZ: ':UTC',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: MEMORY_MEGABYTES,
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]conformance',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_REGION: region,
    },
  });
  endWithUs(child);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (written = `${written}${chunk}`.slice(-2_000)));
  const finished = once(child, 'close');
  const died = finished.then(([code]) => Promise.reject(new Error(`${key} ended with ${code} before it began: ${written}`)));
  await Promise.race([api.ready, died]);
  return {
    api,
    figures: { initMilliseconds: performance.now() - started, invocations: [] },
    async stop() {
      child.kill('SIGKILL');
      await finished;
      await api.close();
    },
  };
}
