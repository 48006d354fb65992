import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { configurationKey } from '../../../src/store/keys.ts';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { bringBack } from '../stack.ts';

export const configuration: Check = {
  name: 'configuration',
  looksAt: 'whether the table is there, and each tenant of the configuration folder has a version in force',
  why: 'A tenant without configuration is recorded and starts nothing: its subscribers get no message.',
  run: (setup) => Promise.all(setup.tenants().map(({ tenant }) => checkTenant(setup, tenant))),
};

async function checkTenant(setup: Setup, tenant: string): Promise<Finding> {
  const { aws, prefix } = setup;
  const { pk, sk } = configurationKey(tenant, 'CURRENT');
  const found = await unlessMissing(aws.dynamodb.send(new GetItemCommand({ TableName: prefix, Key: { pk: { S: pk }, sk: { S: sk } } })));
  if (!found) return fault(prefix, 'there is no such table', await bringBack(setup, { name: prefix, again: restoreTable(setup) }));
  const version = found.Item?.version?.S;
  if (version !== undefined) return fine(tenant, `version ${version} is in force`);
  return fault(tenant, 'has no version in force', setup.publish());
}

/** With point-in-time recovery, DynamoDB keeps a last backup of a deleted table for 35 days. A restore does not include the settings. */
function restoreTable({ prefix, command }: Setup): string {
  const table = ['--table-name', prefix];
  const backups = command('dynamodb', 'list-backups', ...table, '--backup-type', 'SYSTEM');
  const restore = command('dynamodb', 'restore-table-from-backup', '--target-table-name', prefix, '--backup-arn', `<BackupArn>`);
  const settings = [
    command('dynamodb', 'update-time-to-live', ...table, '--time-to-live-specification', 'Enabled=true,AttributeName=expiresAt'),
    command('dynamodb', 'update-continuous-backups', ...table, '--point-in-time-recovery-specification', 'PointInTimeRecoveryEnabled=true'),
  ];
  return `${restore} # the BackupArn is that of ${prefix}$DeletedTableBackup in: ${backups}; once it is active: ${settings.join(' && ')}`;
}
