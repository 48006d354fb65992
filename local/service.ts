import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Publication, publishConfiguration } from '../tooling/configuration/publish-configuration.ts';
import { projectDirectory } from '../tooling/packaging/run-packager.ts';
import { apiListener } from './api/listener.ts';
import { loadSigningKey } from './api/signing-key.ts';
import { type AwsEndpointOptions, createAwsEndpoint } from './aws-endpoint.ts';
import { place } from './aws-scope.ts';
import { type Clock, createClock } from './clock.ts';
import { startDatabase } from './database/database.ts';
import { connectDatabase, ensureTable, type TableDefinition } from './database/table.ts';
import { createDeadLetters } from './durable/dead-letters.ts';
import { createDurableExecutions, type DurableExecutions } from './durable/durable-executions.ts';
import { createEventBus } from './event-bus/event-bus.ts';
import { localEnvironment, localParameters } from './functions/environment.ts';
import { type FunctionsOptions, startFunctions } from './functions/functions.ts';
import { countRunning } from './functions/running.ts';
import { datedBy, type HttpServer, openHttpServer } from './http-server.ts';
import { createPermits } from './iam/permits.ts';
import { createSts } from './iam/sts.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createSes } from './outbox/ses.ts';
import { createSns } from './outbox/sns.ts';
import { createQueue, type LocalQueue } from './queue/queue.ts';
import { createSqs } from './queue/sqs.ts';
import { createSqsStore } from './queue/sqs-store.ts';
import { stackQueues } from './queue/stack-queues.ts';
import type { Parts, ServiceEnvironment, ServiceParts } from './service-parts.ts';
import { reasonOf, StartupFault } from './startup-fault.ts';
import { openState, type State } from './state.ts';
import { packageStack } from './template/package-stack.ts';
import { functionPrefix, type PackagedStack, readPackagedStack } from './template/packaged-stack.ts';
import { createTotogi } from './totogi/totogi.ts';

export type ServiceOptions = {
  /** Created when absent. Holds everything that must survive a restart. */
  stateDirectory: string;
  /** 0 for any free port. */
  port: number;
  awsPort: number;
  /** Whether the API applies the deployed stack's throttling. */
  throttled?: boolean;
  /** Receives progress lines about slow work at the first start. */
  log?: (line: string) => void;
  environment?: ServiceEnvironment;
};

export type LocalService = {
  apiUrl: string;
  awsUrl: string;
  totogiUrl: string;
  logFile: string;
  tenants: Publication[];
  parts: ServiceParts;
  close(): Promise<void>;
};

type Closer = () => void | Promise<void>;
type Servers = { api: HttpServer; aws: HttpServer };

/**
 * Starts the whole service with the configuration in `config/`. Resolves when it accepts requests.
 *
 * @throws StartupFault or StateUnusable, with nothing left running.
 */
export async function startService(options: ServiceOptions): Promise<LocalService> {
  const servers = await openServers(options);
  const closers: Closer[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await compose(options, servers, closers)), close };
  } catch (error) {
    await close();
    await Promise.all([servers.api.close(), servers.aws.close()]);
    throw error;
  }
}

/** Ports first, so that a conflict shows before any slow work. */
async function openServers({ port, awsPort }: ServiceOptions): Promise<Servers> {
  const api = await openHttpServer({ port, variable: 'PORT' });
  try {
    return { api, aws: await openHttpServer({ port: awsPort, variable: 'AWS_PORT' }) };
  } catch (error) {
    await api.close();
    throw error;
  }
}

/** Closers run in reverse: first servers, then work, then what the work needs. */
async function compose(options: ServiceOptions, servers: Servers, closers: Closer[]): Promise<Omit<LocalService, 'close'>> {
  const directory = resolve(options.stateDirectory);
  const state = openState(directory);
  closers.push(state.close);
  await packageStack({ log: options.log ?? (() => undefined), needs: 'template' });
  const stack = await readPackagedStack({ ...place, parameters: localParameters });
  const clock = createClock(state);
  const totogi = createTotogi({ state, clock });
  closers.push(totogi.close);
  const database = await startDatabase(join(directory, 'dynamodb'), {
    stateDirectory: directory,
    clock,
    functions: Object.fromEntries(stack.functions.map(({ key, role }) => [key, role.statements])),
  });
  closers.push(database.close);
  const client = connectDatabase({ port: database.port, region: place.region });
  closers.push(() => client.destroy());

  const logFile = join(directory, 'service.log');
  const awsUrl = `http://127.0.0.1:${servers.aws.port}`;
  const apiUrl = `http://127.0.0.1:${servers.api.port}`;
  const { environment: surroundings } = options;
  const endpoints = surroundings ?? { awsUrl, carriersUrl: awsUrl, totogiUrl: `${apiUrl}/local/totogi` };
  const dynamoDbUrl = surroundings?.awsUrl ?? `http://127.0.0.1:${database.port}`;
  const starting = startFunctions(
    functionsOptions({ cursorKey: loadCursorKey(state), stack, clock, logFile, apiUrl, dynamoDbUrl, ...endpoints }),
  );
  // Closes the functions even when another part fails to start. Their own failure is reported below.
  closers.push(async () => {
    const [started] = await Promise.allSettled([starting]);
    if (started.status === 'fulfilled') await started.value.close();
  });
  const [hosted, tenants, key] = await Promise.all([starting, prepareTable(client, stack.table, clock.now), loadSigningKey(state)]);
  closers.push(servers.aws.close);

  const functions = countRunning(surroundings?.around(hosted, clock) ?? hosted);
  const parts = { state, clock, stack, functions, totogi, outbox: createOutbox({ state, client, tableName: stack.table.TableName }) };
  const { queues, durable } = startWork(parts, closers);
  const aws = awsOptions({ ...parts, queues, durable, databasePort: database.port });
  servers.aws.serve(datedBy(clock.now, createAwsEndpoint(aws)));
  servers.api.serve(
    apiListener({ ...parts, queues, durable, client, key, issuer: `${apiUrl}/local`, throttled: options.throttled ?? false }),
  );
  closers.push(servers.api.close);
  return {
    apiUrl,
    awsUrl,
    totogiUrl: `${apiUrl}/local/totogi/graphql`,
    logFile,
    tenants,
    parts: { ...parts, queues, durable, client, aws },
  };
}

function functionsOptions(from: {
  cursorKey: string;
  stack: PackagedStack;
  clock: Clock;
  logFile: string;
  awsUrl: string;
  carriersUrl: string;
  totogiUrl: string;
  dynamoDbUrl: string;
  apiUrl: string;
}): FunctionsOptions {
  const { functions, environment } = from.stack;
  return {
    modules: Object.fromEntries(functions.map(({ key, module }) => [key, new URL(module, projectDirectory)])),
    timeouts: Object.fromEntries(functions.map(({ key, timeoutSeconds }) => [key, timeoutSeconds])),
    environment: localEnvironment(environment, { ...from, region: place.region }),
    logFile: from.logFile,
    clock: from.clock,
    ...place,
    functionPrefix,
  };
}

function startWork({ state, clock, stack, functions }: Parts, closers: Closer[]): { queues: LocalQueue[]; durable: DurableExecutions } {
  const deployed = Object.fromEntries(stack.functions.map(({ key, durable }) => [key, durable === undefined ? {} : { durable }]));
  const durable = createDurableExecutions({
    state,
    clock,
    functions,
    ...place,
    functionPrefix,
    deployed,
    retentionSeconds: maxRetention(stack),
    deadLetter: createDeadLetters({ functions: stack.functions, send: createSqsStore(state, clock).send }),
  });
  const queues = stack.queues.map((queue) => createQueue({ state, clock, functions, ...queue }));
  closers.push(durable.stop, ...queues.map((queue) => queue.stop));
  durable.start();
  for (const queue of queues) queue.start();
  return { queues, durable };
}

function maxRetention(stack: PackagedStack): number {
  return Math.max(...stack.functions.map(({ durable }) => durable?.retentionSeconds ?? 0));
}

async function prepareTable(client: DynamoDBDocumentClient, definition: TableDefinition, now: () => number): Promise<Publication[]> {
  await ensureTable(client, definition);
  const directory = fileURLToPath(new URL('config/', projectDirectory));
  return publishConfiguration({ directory, tableName: definition.TableName, client, now }).catch((error) => {
    throw new StartupFault(`The configuration in config/ is not in force: ${reasonOf(error)} (\`npm run config:check\` tells more.)`, {
      cause: error,
    });
  });
}

type AwsParts = Parts & { queues: LocalQueue[]; durable: DurableExecutions; databasePort: number };

function awsOptions({ state, stack, queues, clock, durable, totogi, outbox, databasePort }: AwsParts): AwsEndpointOptions {
  const callers = Object.fromEntries(stack.functions.map(({ key, role }) => [key, role]));
  return {
    putEvents: createEventBus({ stack, queues, clock, ...place, taken: totogi.apply }),
    lambda: durable.handle,
    sns: createSns({ outbox, now: clock.now }),
    ses: createSes({ outbox, now: clock.now }),
    sts: createSts({ roles: stack.dataRoles, callers, now: clock.now }),
    permits: createPermits(callers),
    sqs: createSqs({ state, clock, queues: stackQueues(stack, queues) }),
    dynamoDbPort: databasePort,
  };
}

/** Stored in the state, so that cursors survive a restart. */
function loadCursorKey(state: State): string {
  state.db.exec('CREATE TABLE IF NOT EXISTS cursor_key (id TEXT PRIMARY KEY, key TEXT NOT NULL)');
  state.db.prepare("INSERT OR IGNORE INTO cursor_key (id, key) VALUES ('local', ?)").run(randomBytes(32).toString('base64url'));
  return String(state.db.prepare("SELECT key FROM cursor_key WHERE id = 'local'").get()?.key);
}
