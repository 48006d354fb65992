import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { configurationKey } from '../../../src/store/keys.ts';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';

export const configuration: Check = {
  name: 'configuration',
  looksAt: 'whether the table is there, and each tenant of the configuration folder has a version in force',
  why: 'A tenant without configuration is recorded and starts nothing: its subscribers get no message.',
  run: (setup) => Promise.all(setup.tenants().map(({ tenant }) => checkTenant(setup, tenant))),
};

async function checkTenant({ aws, prefix, stage }: Setup, tenant: string): Promise<Finding> {
  const { pk, sk } = configurationKey(tenant, 'CURRENT');
  const found = await unlessMissing(aws.dynamodb.send(new GetItemCommand({ TableName: prefix, Key: { pk: { S: pk }, sk: { S: sk } } })));
  if (!found) return fault(prefix, 'there is no such table', `npm run deploy -- --stage ${stage}`);
  const version = found.Item?.version?.S;
  if (version !== undefined) return fine(tenant, `version ${version} is in force`);
  return fault(tenant, 'has no version in force', `npm run config:publish -- --stage ${stage}`);
}
