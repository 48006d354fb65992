import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { defineCommand } from '../tooling/command-line/command.ts';
import { CommandFailure, UsageError } from '../tooling/command-line/failures.ts';
import { value } from '../tooling/command-line/options.ts';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { stageName } from '../tooling/command-line/stage.ts';
import { anyText } from '../tooling/command-line/value-forms.ts';
import { ConfigurationRejected, type Publication, publishConfiguration } from '../tooling/configuration/publish-configuration.ts';
import { readStack } from './doctor/stack.ts';
import { LOCAL_STAGE } from './local-endpoint.ts';
import { createStageClient, tableFailure } from './stage-table.ts';
import { hostsFromEnvironment, listedHosts, totogiHosts } from './totogi-hosts.ts';

const command = defineCommand({
  name: 'npm run config:publish',
  about:
    "Checks the configuration and publishes one immutable version per tenant for a stage. Functions use it within 60 seconds; runs that have started keep their version. A sender, domain, configuration set, number or provider ID belongs to one tenant of a stage: a tenant that uses another one's is rejected.",
  options: {
    stage: value(stageName, {
      placeholder: 'STAGE',
      about: 'Deployed stage, or "local" for the service that npm start runs',
      required: true,
    }),
    directory: value(anyText, { placeholder: 'DIR', about: 'Configuration folder', default: 'config' }),
    totogiHosts: value(totogiHosts, {
      placeholder: 'HOSTS',
      about: "Only for the stage local: hosts that tenants' Totogi keys may be sent to, besides Totogi's own, separated by commas",
      defaultText: 'TOTOGI_HOSTS',
    }),
  },
  notes: [
    'A deployed stack decides by its parameter totogiHosts where keys may be sent. AWS Region and credentials come from the environment.',
  ],
  examples: ['npm run config:publish -- --stage local', 'AWS_REGION=eu-west-1 npm run config:publish -- --stage prod'],
  exitCodes: { 0: 'published', 1: 'the configuration has errors, or the table cannot be used' },
});

await runCommand(command, async ({ stage, directory, totogiHosts: given }) => {
  const isLocal = stage === LOCAL_STAGE;
  if (!isLocal && given !== undefined)
    throw new UsageError('--totogi-hosts is for the stage local: deploy the stack with --param="totogiHosts=…"');
  const client = DynamoDBDocumentClient.from(createStageClient(stage));
  const tableName = `totogi-notifications-${stage}`;
  const hosts = isLocal ? (given ?? hostsFromEnvironment()) : await stackHosts(tableName);
  try {
    report(await publishConfiguration({ directory, tableName, client, now: () => Date.now(), totogiHosts: hosts }));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationRejected)) throw new CommandFailure(tableFailure(stage, error), { cause: error });
    report(error.published);
    throw new CommandFailure(error.message, { cause: error });
  }
});

function report(publications: Publication[]): void {
  for (const { tenant, version, changed } of publications)
    console.log(`${tenant}: version ${version} ${changed ? 'is in force' : 'was in force already'}`);
}

/** Only the stack decides where keys may go: its functions send them nowhere else. */
async function stackHosts(name: string): Promise<readonly string[]> {
  const stack = await readStack(new CloudFormationClient(), name);
  if (stack.state === 'unknown')
    console.warn(`The stack ${name} cannot be read (${stack.reason}), so only Totogi's own hosts are allowed.`);
  return listedHosts(stack);
}
