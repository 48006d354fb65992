import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { restoreService } from '../restore.ts';

export const table: Check = {
  name: 'table',
  looksAt: 'whether the table is there, and refuses to be deleted',
  why: 'The table holds all events, messages, contacts and consents.',
  run: async (setup) => [await checkTable(setup)],
};

async function checkTable(setup: Setup): Promise<Finding> {
  const { aws, prefix, command } = setup;
  const described = await unlessMissing(aws.dynamodb.send(new DescribeTableCommand({ TableName: prefix })));
  if (described?.Table === undefined) return fault(prefix, 'there is no such table', await restoreService(setup));
  const { DeletionProtectionEnabled: isProtected } = described.Table;
  // An emulator may not know the property.
  if (isProtected !== false) return fine(prefix, isProtected ? 'is there, and refuses to be deleted' : 'is there');
  return fault(prefix, 'can be deleted', command('dynamodb', 'update-table', '--table-name', prefix, '--deletion-protection-enabled'));
}
