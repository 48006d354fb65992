import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { stageFault } from '../tooling/command-line/stage.ts';
import { ConfigurationRejected, type Publication, publishConfiguration } from '../tooling/configuration/publish-configuration.ts';
import { ConfigurationUsageError } from '../tooling/configuration/usage-error.ts';
import { readStack } from './doctor/stack.ts';
import { localEndpoint, localHint } from './local-endpoint.ts';
import { listedHosts, namedHosts } from './totogi-hosts.ts';

const HELP = `npm run config:publish -- --stage S [--directory config]

Checks the configuration and puts it into force for a stage: one immutable version per tenant, and a pointer to it.
Functions see it within 60 seconds; runs that have started keep the version they began with.
A sender, domain, configuration set, number or provider id belongs to one tenant of a stage: who uses another tenant's is refused.
Keys go to Totogi's hosts that the stack's parameter totogiHosts lists, and nobody can publish another one.

  --stage S        the stage as deployed; "local" is the service that npm start runs
  --directory D    the configuration folder (config)
  --totogi-hosts H for the stage local: hosts besides Totogi's own, separated by commas (TOTOGI_HOSTS)

The AWS region and credentials come from the environment, as for every AWS tool.`;

const { values } = parseArgs({
  options: {
    stage: { type: 'string' },
    directory: { type: 'string', default: 'config' },
    'totogi-hosts': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else if (values.stage === undefined) refuse('--stage is missing: name the stage, for example --stage local.');
else await publish(values.stage, values.directory);

async function publish(stage: string, directory: string): Promise<void> {
  const fault = stageFault(stage);
  if (fault !== undefined) {
    refuse(`${fault}.`);
    return;
  }
  const isLocal = stage === 'local';
  const client = DynamoDBDocumentClient.from(isLocal ? localClient() : new DynamoDBClient());
  const tableName = `totogi-notifications-${stage}`;
  try {
    const totogiHosts = isLocal ? namedHosts(hostsGiven() ?? process.env.TOTOGI_HOSTS ?? '') : await stackHosts(tableName);
    report(await publishConfiguration({ directory, tableName, client, now: () => Date.now(), totogiHosts }));
  } catch (error) {
    if (error instanceof ConfigurationRejected) report(error.published);
    const isPlain = error instanceof ConfigurationRejected || error instanceof ConfigurationUsageError;
    refuse(isPlain ? error.message : `Cannot publish to the table ${tableName}: ${reason(error)}${hint(stage)}`);
  }
}

function report(publications: Publication[]): void {
  for (const { tenant, version, changed } of publications)
    console.log(`${tenant}: version ${version} ${changed ? 'is in force' : 'was in force already'}`);
}

function hostsGiven(): string | undefined {
  return values['totogi-hosts'];
}

/** Only the stack decides where keys may go: its functions send them nowhere else. */
async function stackHosts(name: string): Promise<readonly string[]> {
  if (hostsGiven() !== undefined)
    throw new ConfigurationUsageError('--totogi-hosts is for the stage local: deploy the stack with --param="totogiHosts=…"');
  const stack = await readStack(new CloudFormationClient(), name);
  if (stack.state === 'unknown')
    console.warn(`The stack ${name} cannot be read (${stack.reason}), so only Totogi's own hosts are allowed.`);
  return listedHosts(stack);
}

function localClient(): DynamoDBClient {
  const endpoint = localEndpoint();
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? ((error as Error & { code?: string }).code ?? error.name) : error.message;
}

function hint(stage: string): string {
  return stage === 'local' ? localHint() : '. Is the stage deployed, and are the AWS region and credentials set?';
}

function refuse(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
