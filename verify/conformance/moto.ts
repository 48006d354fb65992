import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { packageStack } from '../../local/template/package-stack.ts';
import { listTenantEvents } from '../../src/ingest/event-lists.ts';
import { listQuarantine } from '../../src/ingest/quarantine.ts';
import type { Table } from '../../src/platform/table.ts';
import { projectDirectory } from '../../tooling/packaging/run-packager.ts';
import { adaptBusTemplate, adaptServiceTemplate, describeAdaptations } from './moto/adapt.ts';
import { type Cloud, type CloudPlan, type QueueMessage, useCloud } from './moto/cloud.ts';
import { claimDeployed } from './moto/deployed.ts';
import { installPythonPackage } from './parts/install.ts';
import { runPackaged } from './parts/packaged-function.ts';
import { type RunningServer, startServer } from './parts/server-program.ts';
import { versions } from './parts/versions.ts';
import { type Claims, createClaims, type Suite } from './suite.ts';

const totogi = '266643203619';
const somebodyElse = '111122223333';
const tenant = 'mvno-aurora';
const tableName = 'totogi-notifications-dev';
const queueName = 'totogi-notifications-dev-consume-notifications';
/** Each event is sent this often, and must be recorded once. */
const DELIVERIES = 3;

const Fixture = z.object({ source: z.string(), 'detail-type': z.string(), time: z.string(), detail: z.unknown() });
const Answer = z.object({ batchItemFailures: z.array(z.unknown()) });
const Code = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Properties: z
        .object({ Code: z.object({ S3Key: z.string() }) })
        .optional()
        .catch(undefined),
    }),
  ),
});

/** Runs both stacks against an independent implementation of AWS. */
export const motoSuite: Suite = {
  name: 'moto',
  about: "both stacks deploy into moto's server, and events go through bus, queue and packaged function",
  needs: ['python'],
  async run({ log }) {
    await packageStack({ log: log });
    const programs = await installPythonPackage('moto', log, '[server]');
    const claims = createClaims();
    const fixtures = readFixtures();
    const inAccount = <Seen>(account: string, use: (cloud: Cloud, server: RunningServer) => Promise<Seen>) =>
      withCloud({ programs, account, fixtures }, use);
    const { resources, gaps } = await inAccount(totogi, async (cloud, server) => {
      claimDeployed(claims, { cloud, account: totogi });
      claimDelivered(claims, cloud, fixtures.length * DELIVERIES);
      await claimRecorded(claims, cloud, { endpoint: server.url, fixtures });
      return { resources: cloud.bus.resources.length + cloud.service.resources.length, gaps: unsupported(server.written()) };
    });
    await inAccount(somebodyElse, async (cloud) => claimDelivered(claims, cloud, 0));
    const events = `${fixtures.length * DELIVERIES} events from each of two accounts`;
    const checked = `2 stacks, ${resources} resources, ${events}, the packaged consume-notifications`;
    return {
      findings: [claims.finding(`moto ${versions.moto}`, checked)],
      faults: claims.faults,
      notes: [...describeAdaptations(), ...gaps],
    };
  },
};

type Account = { programs: string; account: string; fixtures: Fixtures };

/** A moto server as that AWS account, with both stacks and all events. */
async function withCloud<Seen>(
  { programs, account, fixtures }: Account,
  use: (cloud: Cloud, server: RunningServer) => Promise<Seen>,
): Promise<Seen> {
  const server = await startServer((port) => ({
    command: join(programs, 'moto_server'),
    arguments: ['-p', String(port)],
    environment: { MOTO_ACCOUNT_ID: account, PYTHONUNBUFFERED: '1' },
  }));
  try {
    return await use(await useCloud(programs, planOf(server.url, fixtures)), server);
  } finally {
    await server.stop();
  }
}

type Fixtures = { file: string; event: z.infer<typeof Fixture> }[];

function readFixtures(): Fixtures {
  const folder = new URL('test/fixtures/events/', projectDirectory);
  return readdirSync(folder).map((file) => ({ file, event: Fixture.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))) }));
}

function planOf(endpoint: string, fixtures: Fixtures): CloudPlan {
  const read = (file: string) => readFileSync(new URL(file, projectDirectory), 'utf8');
  const serviceTemplate = read('.serverless/cloudformation-template-update-stack.json');
  const { Resources } = Code.parse(JSON.parse(serviceTemplate));
  const keys = Object.values(Resources).flatMap(({ Properties }) => (Properties ? [Properties.Code.S3Key] : []));
  const TotogiAccounts = '266643203619,799148289882';
  return {
    endpoint,
    busName: 'totogi-notifications',
    logGroup: '/aws/events/totogi-notifications',
    tableName,
    busTemplate: adaptBusTemplate(read('cloudformation/event-bus.yml')),
    busParameters: { TotogiAccounts },
    firstTemplate: read('.serverless/cloudformation-template-create-stack.json'),
    serviceTemplate: adaptServiceTemplate(serviceTemplate),
    serviceParameters: { TotogiAccounts, JwtIssuer: 'https://login.example.com/', JwtAudience: 'notifications' },
    zips: Object.fromEntries(keys.map((key) => [key, fileURLToPath(new URL(`.serverless/${basename(key)}`, projectDirectory))])),
    events: Array.from({ length: DELIVERIES }, () => fixtures)
      .flat()
      .map(({ event }) => ({
        Source: event.source,
        DetailType: event['detail-type'],
        Time: event.time.replace('Z', '+00:00'),
        Detail: JSON.stringify(event.detail),
      })),
  };
}

/** Totogi's events must all be in the queue and in the log, no other account's may be, and all other queues must be empty. */
function claimDelivered(claims: Claims, cloud: Cloud, wanted: number): void {
  const inQueue = cloud.messages[queueName]?.length;
  const elsewhere = Object.entries(cloud.messages).filter(([name, messages]) => name !== queueName && messages.length > 0);
  claims.claim(cloud.rejectedEntries === 0, `${cloud.rejectedEntries} entries were refused`);
  claims.claim(inQueue === wanted, `${inQueue} events in the queue, not ${wanted}`);
  claims.claim(cloud.logged.length === wanted, `${cloud.logged.length} events in the log group, not ${wanted}`);
  claims.claim(elsewhere.length === 0, `messages in ${elsewhere.map(([name]) => name)}`);
}

/** Does the work of the event source mapping: passes batches of ten to the packaged function, with its deployed environment. */
async function claimRecorded(
  claims: Claims,
  cloud: Cloud,
  { endpoint, fixtures }: { endpoint: string; fixtures: Fixtures },
): Promise<void> {
  const deployed = cloud.functions.find(({ FunctionName }) => FunctionName === queueName);
  const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: endpoint };
  const messages = cloud.messages[queueName] ?? [];
  const batchSize = cloud.mappings.find(({ FunctionArn }) => FunctionArn.endsWith(queueName))?.BatchSize ?? 1;
  for (let start = 0; start < messages.length; start += batchSize) {
    const event = { Records: messages.slice(start, start + batchSize).map(recordOf) };
    const answer = await runPackaged('consume-notifications', event, { ...deployed?.Environment.Variables, ...keys });
    const parsed = Answer.safeParse(answer);
    claims.claim(parsed.success && parsed.data.batchItemFailures.length === 0, `a batch was answered with ${JSON.stringify(answer)}`);
  }
  const invalid = fixtures.filter(({ file }) => file.startsWith('invalid-')).length;
  const { events, quarantined } = await readRecords(endpoint);
  claims.claim(events === fixtures.length - invalid, `${events} events are on record, not ${fixtures.length - invalid}`);
  claims.claim(quarantined === invalid, `${quarantined} events are in quarantine, not ${invalid}`);
}

function recordOf({ MessageId, Body, Attributes }: QueueMessage): Record<string, unknown> {
  return {
    messageId: MessageId,
    body: Body,
    attributes: Attributes,
    messageAttributes: {},
    eventSource: 'aws:sqs',
    awsRegion: 'us-east-1',
  };
}

async function readRecords(endpoint: string): Promise<{ events: number; quarantined: number }> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  );
  const table: Table = { client, name: tableName };
  const list = { tenant, limit: 100, descending: false };
  const events = await listTenantEvents(table, { ...list, accepts: () => true });
  const quarantined = await listQuarantine(table, list);
  client.destroy();
  return { events: events.entries.length, quarantined: quarantined.entries.length };
}

/** The resource types that moto's CloudFormation ignores, from its own log. */
function unsupported(written: string): string[] {
  const kinds = new Set([...written.matchAll(/No Moto CloudFormation support for (\S+)/g)].map(([, kind]) => kind));
  return [`moto passes over these kinds of resource: ${[...kinds].sort().join(', ')}`];
}
