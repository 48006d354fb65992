import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type Clock, createClock } from '../../../local/clock.ts';
import { createDurableExecutions, type DurableExecutions } from '../../../local/durable/durable-executions.ts';
import type { DeployedFunction } from '../../../local/durable/function-names.ts';
import { type LocalFunctions, startFunctions } from '../../../local/functions/functions.ts';
import { openState, type State } from '../../../local/state.ts';

export type Engine = {
  state: State;
  clock: Clock;
  functions: LocalFunctions;
  client: LambdaClient;
  durable: DurableExecutions;
  close(): Promise<void>;
};

export const functionPrefix = 'fixture-local';
export const region = 'eu-west-1';
export const accountId = '123456789012';

const days = 24 * 60 * 60;
const lasting: DeployedFunction = { durable: { alias: 'durable', executionTimeoutSeconds: 60 * days } };
const deployed: Record<string, DeployedFunction> = {
  'long-wait': { durable: { alias: 'durable', executionTimeoutSeconds: 366 * days } },
  'at-most-once': { durable: { alias: 'durable', executionTimeoutSeconds: 60 * days } },
  callback: { durable: { alias: 'durable', executionTimeoutSeconds: 60 * days } },
  retrying: { durable: { alias: 'durable', executionTimeoutSeconds: 600 } },
  crashing: { durable: { alias: 'durable', executionTimeoutSeconds: 60 * days } },
  counting: { durable: { alias: 'durable', executionTimeoutSeconds: 60 * days } },
  plain: {},
};

/** A handler in the fixtures' place, and what it is told. */
export type OtherHandler = { key: string; environment: Record<string, string> };

/** The durable engine in real pieces: state on disk, fixture handlers in their thread, Lambda's API over HTTP. */
export async function startEngine(directory: string, maximumTimeouts: Record<string, number> = {}, other?: OtherHandler): Promise<Engine> {
  const handlers = other === undefined ? deployed : { [other.key]: lasting };
  const state = openState(directory);
  const clock = createClock(state);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const body = await text(request);
    const reply = await durable.handle({ method: request.method ?? '', path: url.pathname, query: url.searchParams, headers, body });
    response.writeHead(reply?.status ?? 404, reply?.headers).end(reply?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const functions = await startFunctions({
    modules: handlerModules(Object.keys(handlers)),
    environment: {
      AWS_ENDPOINT_URL_LAMBDA: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      ...other?.environment,
    },
    logFile: join(directory, 'service.log'),
    clock,
    region,
    accountId,
    functionPrefix,
    timeouts: maximumTimeouts,
  });
  const durable = createDurableExecutions({ state, clock, functions, region, accountId, functionPrefix, deployed: handlers });
  durable.start();
  const client = new LambdaClient({ endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  return {
    state,
    clock,
    functions,
    client,
    durable,
    async close() {
      await durable.stop();
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await functions.close();
      state.close();
    },
  };
}

export function handlerModules(keys: string[]): Record<string, URL> {
  return Object.fromEntries(keys.map((key) => [key, new URL(`../handlers/${key}.ts`, import.meta.url)]));
}
