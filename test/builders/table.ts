import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from '../../local/database/database.ts';
import { connectDatabase, ensureTable } from '../../local/database/table.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import { openTable, type Table } from '../../src/store/table.ts';

/** The packaged template's table in an embedded DynamoDB of its own. */
export type TestTable = { table: Table; close(): Promise<void> };

/** Opens an empty table, and points the AWS SDK's DynamoDB clients of this process at it. */
export async function openTestTable(): Promise<TestTable> {
  const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'));
  const database = await startDatabase(directory);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${database.port}`;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  const client = connectDatabase({ port: database.port, region: 'us-east-1' });
  const { table: definition } = await readPackagedStack({ region: 'us-east-1', accountId: '000000000000' });
  await ensureTable(client, definition);
  client.destroy();
  const table = openTable(definition.TableName);
  return {
    table,
    async close() {
      table.client.destroy();
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
