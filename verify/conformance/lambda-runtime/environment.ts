import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createClock } from '../../../local/clock.ts';
import { startDatabase } from '../../../local/database/database.ts';
import { connectDatabase, ensureTable } from '../../../local/database/table.ts';
import { createDurableExecutions, type DurableExecutions } from '../../../local/durable/durable-executions.ts';
import { createSts } from '../../../local/iam/sts.ts';
import { openState } from '../../../local/state.ts';
import { functionPrefix, type PackagedStack, readPackagedStack } from '../../../local/template/packaged-stack.ts';
import type { Table } from '../../../src/platform/table.ts';
import { publishConfiguration } from '../../../tooling/configuration/publish-configuration.ts';
import { openTemporaryFolder } from '../../shared/leave-nothing.ts';
import { openSandboxes, type Sandboxes } from './sandboxes.ts';

const region = 'us-east-1';
const accountId = '000000000000';
const nobody = 'http://127.0.0.1:9';

/** The functions under AWS's runtime client, with a database, Lambda's API and STS. No carrier can be reached. */
export type RuntimeEnvironment = {
  stack: PackagedStack;
  table: Table;
  functions: Sandboxes;
  durable: DurableExecutions;
  /** Makes Lambda's API answer every request with 503, or ends that. */
  setOutage(isOut: boolean): void;
  close(): Promise<void>;
};

export async function openRuntimeEnvironment(client: string): Promise<RuntimeEnvironment> {
  const folder = await openTemporaryFolder();
  const stack = await readPackagedStack({ region, accountId });
  const database = await startDatabase(join(folder.path, 'database'));
  const table: Table = { client: connectDatabase({ port: database.port, region }), name: stack.table.TableName };
  await ensureTable(table.client, stack.table);
  await publishConfiguration({ directory: 'config', tableName: table.name, client: table.client, now: () => Date.now() });
  const sts = createSts({ roles: stack.dataRoles, now: () => Date.now() });
  let isOut = false;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const body = await text(request);
    const session = sts(new URLSearchParams(body));
    if (session) {
      response.writeHead(session.status, session.headers).end(session.body);
      return;
    }
    const asked = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers, body };
    const reply = isOut ? { status: 503, headers: {}, body: '{}' } : await durable.handle(asked);
    response.writeHead(reply?.status ?? 404, reply?.headers).end(reply?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const aws = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const functions = openSandboxes({
    client,
    environment: environmentOf(stack, { database: database.port, aws }),
    region,
    accountId,
    functionPrefix,
  });
  const state = openState(folder.path);
  const deployed = Object.fromEntries(
    stack.functions.map(({ key, durable: settings }) => [key, settings === undefined ? {} : { durable: settings }]),
  );
  const durable = createDurableExecutions({ state, clock: createClock(state), functions, region, accountId, functionPrefix, deployed });
  durable.start();
  return {
    stack,
    table,
    functions,
    durable,
    setOutage(out) {
      isOut = out;
    },
    async close() {
      await durable.stop();
      await functions.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      table.client.destroy();
      await database.close();
      state.close();
      folder.remove();
    },
  };
}

function environmentOf(stack: PackagedStack, { database, aws }: { database: number; aws: string }): Record<string, string> {
  return {
    ...stack.environment,
    FUNCTION_PREFIX: functionPrefix,
    TABLE_NAME: stack.table.TableName,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL: nobody,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${database}`,
    AWS_ENDPOINT_URL_LAMBDA: aws,
    AWS_ENDPOINT_URL_STS: aws,
    CURSOR_KEYS: randomBytes(32).toString('base64'),
  };
}
