import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { publishConfiguration } from '../../../src/configuration/configurations.ts';
import { tableOver } from '../../../src/platform/table.ts';
import { PublishedConfiguration } from '../../../src/schemas/configuration/published-configuration.ts';
import { WORKFLOWS } from '../../../src/schemas/run/workflow.ts';

export const BENCH_TENANT = 'bench';
export const TABLE_NAME = 'totogi-notifications-bench';
const ROLE = 'arn:aws:iam::000000000000:role/bench';

/** Its workflows are off, since starts have their own figure. */
export async function publishBenchTenant(databaseUrl: string): Promise<void> {
  const workflows = Object.fromEntries(WORKFLOWS.map((workflow) => [workflow, { enabled: false }]));
  const configuration = { tenant: BENCH_TENANT, name: 'Bench', currency: 'USD', workflows };
  const published = PublishedConfiguration.parse({ version: 'bench', configuration, templates: {}, offers: [] });
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new DynamoDBClient({ endpoint: databaseUrl, region: 'us-east-1', credentials });
  await publishConfiguration(tableOver(client, TABLE_NAME), published, new Date());
  client.destroy();
}

export function functionEnvironment(databaseUrl: string): Record<string, string> {
  return {
    STAGE: 'bench',
    FUNCTION_PREFIX: 'totogi-notifications-bench',
    TABLE_NAME,
    POWERTOOLS_METRICS_NAMESPACE: 'totogi-notifications-bench',
    TIMELINE_SHARDS: '8',
    QUEUES_URL: 'http://127.0.0.1:9/000000000000',
    CURSOR_KEYS: 'k'.repeat(32),
    TOTOGI_KEYS_ROLE: ROLE,
    LOOKUP_API_DATA_ROLE: ROLE,
    PROFILES_API_DATA_ROLE: ROLE,
    OPERATIONS_API_DATA_ROLE: ROLE,
    OFFERS_API_DATA_ROLE: ROLE,
    DEMO_API_DATA_ROLE: ROLE,
    AWS_ENDPOINT_URL_DYNAMODB: databaseUrl,
  };
}
