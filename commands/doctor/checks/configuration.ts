import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { configurationKey } from '../../../src/schemas/keys.ts';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { restoreService } from '../restore.ts';

export const configuration: Check = {
  name: 'configuration',
  looksAt: 'whether each tenant of the configuration folder is published',
  why: 'Events of a tenant without configuration are recorded and start nothing: its subscribers get no message.',
  run: (setup) => Promise.all(setup.tenants().map(({ tenant }) => checkTenant(setup, tenant))),
};

async function checkTenant(setup: Setup, tenant: string): Promise<Finding> {
  const { aws, prefix } = setup;
  const { pk, sk } = configurationKey(tenant, 'CURRENT');
  const found = await unlessMissing(aws.dynamodb.send(new GetItemCommand({ TableName: prefix, Key: { pk: { S: pk }, sk: { S: sk } } })));
  if (!found) return fault(prefix, 'there is no such table', await restoreService(setup));
  const version = found.Item?.version?.S;
  if (version !== undefined) return fine(tenant, `version ${version} is in force`);
  return fault(tenant, 'has no version in force', setup.publish());
}
