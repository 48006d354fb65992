import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConfigurationRefused, publishConfiguration } from './configuration/publish-configuration.ts';
import { localEndpoint, localHint } from './local-endpoint.ts';
import { stageFault } from './stage.ts';

const HELP = `npm run config:publish -- --stage S [--directory config]

Checks the configuration and puts it into force for a stage: one immutable version per tenant, and a pointer to it.
Functions see it within 60 seconds; runs that have begun keep the version they began with.

  --stage S        the stage as deployed; "local" is the service that npm start runs
  --directory D    the configuration folder (config)

The AWS region and credentials come from the environment, as for every AWS tool.`;

const { values } = parseArgs({
  options: { stage: { type: 'string' }, directory: { type: 'string', default: 'config' }, help: { type: 'boolean', default: false } },
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
  const client = DynamoDBDocumentClient.from(stage === 'local' ? localClient() : new DynamoDBClient());
  const tableName = `totogi-notifications-${stage}`;
  try {
    const publications = await publishConfiguration({ directory, tableName, client, now: () => Date.now() });
    for (const { tenant, version, changed } of publications)
      console.log(`${tenant}: version ${version} ${changed ? 'is in force' : 'was in force already'}`);
  } catch (error) {
    refuse(
      error instanceof ConfigurationRefused ? error.message : `Cannot publish to the table ${tableName}: ${reason(error)}${hint(stage)}`,
    );
  }
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
