import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { projectDirectory } from '../../../tooling/packaging/run-packager.ts';
import type { Claims } from '../suite.ts';
import type { Cloud } from './cloud.ts';

const prefix = 'totogi-notifications-dev';

type Expected = [what: string, seen: unknown, wanted: unknown];

export function claimDeployed(claims: Claims, { cloud, account }: { cloud: Cloud; account: string }): void {
  const functions = packagedFunctions();
  const queue = (name: string) => cloud.queues[`${prefix}-${name}`]?.attributes ?? {};
  const mapping = cloud.mappings.find(({ FunctionArn }) => FunctionArn.endsWith('consume-notifications'));
  const busArn = `arn:aws:events:us-east-1:${account}:event-bus/totogi-notifications`;
  const expected: Expected[] = [
    ['the stack of the bus', cloud.bus.status, 'CREATE_COMPLETE'],
    ['the ARN to be entered in Plan Design', cloud.bus.outputs.EventBusArn, busArn],
    ['the archive', cloud.archives.map(({ EventSourceArn, RetentionDays }) => [EventSourceArn, RetentionDays]), [[busArn, 30]]],
    ['the days for which the log of everything is kept', retention(cloud, '/aws/events/totogi-notifications'), 7],
    ['the stack of the service', cloud.service.status, 'UPDATE_COMPLETE'],
    ['the functions', cloud.functions.map(({ FunctionName }) => FunctionName).sort(), functions.map((name) => `${prefix}-${name}`).sort()],
    ['the roles of the functions, each with its own', new Set(cloud.functions.map(({ Role }) => Role)).size, functions.length],
    ['the runtimes of the functions', [...new Set(cloud.functions.map(({ Runtime }) => Runtime))], ['nodejs24.x']],
    ['functions without code', cloud.functions.filter(({ CodeSize }) => CodeSize === 0).map(({ FunctionName }) => FunctionName), []],
    ['functions whose log is kept for ever', functions.filter((name) => retention(cloud, `/aws/lambda/${prefix}-${name}`) !== 30), []],
    ['the keys of the table', cloud.table.KeySchema.map(({ AttributeName }) => AttributeName), ['pk', 'sk']],
    ['the state of the table', cloud.table.TableStatus, 'ACTIVE'],
    [
      'the indexes',
      cloud.table.GlobalSecondaryIndexes.map(({ IndexName, IndexStatus }) => `${IndexName} ${IndexStatus}`),
      ['timeline ACTIVE'],
    ],
    ['the visibility timeout of the queue', queue('consume-notifications').VisibilityTimeout, '180'],
    ['how often the queue tries', redrive(queue('consume-notifications')).maxReceiveCount, 125],
    [
      'where the queue puts what it gives up',
      redrive(queue('consume-notifications')).deadLetterTargetArn,
      `arn:aws:sqs:us-east-1:${account}:${prefix}-consume-notifications-dead-letters`,
    ],
    ['how long dead letters are kept', queue('consume-notifications-dead-letters').MessageRetentionPeriod, '1209600'],
    ['queues that take less than EventBridge may deliver', small(cloud), []],
    ['the batch size of the mapping', mapping?.BatchSize, 10],
    ['that the mapping takes partial batches', mapping?.FunctionResponseTypes, ['ReportBatchItemFailures']],
    ['the concurrency of the mapping', mapping?.ScalingConfig?.MaximumConcurrency, 20],
    ['the pattern of the rule', cloud.rules.find(({ name }) => name === prefix)?.pattern, { account: ['266643203619', '799148289882'] }],
  ];
  for (const [what, seen, wanted] of expected) {
    claims.claim(JSON.stringify(seen) === JSON.stringify(wanted), `${what}: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
  }
}

/** All packaged functions except Cognito's, which is only created together with the user pool. */
function packagedFunctions(): string[] {
  const zips = readdirSync(new URL('.serverless/', projectDirectory)).filter((file) => file.endsWith('.zip'));
  return zips.map((zip) => basename(zip, '.zip')).filter((name) => name !== 'token-claims');
}

function retention({ logGroups }: Cloud, name: string): number | undefined {
  return logGroups.find(({ logGroupName }) => logGroupName === name)?.retentionInDays;
}

function redrive(attributes: Record<string, string>): { maxReceiveCount?: unknown; deadLetterTargetArn?: unknown } {
  return JSON.parse(attributes.RedrivePolicy ?? '{}');
}

function small({ queues }: Cloud): string[] {
  return Object.entries(queues).flatMap(([name, { attributes }]) => (Number(attributes.MaximumMessageSize) < 1_048_576 ? [name] : []));
}
