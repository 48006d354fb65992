import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDatabase } from '../../local/database/database.ts';
import { ensureTable } from '../../local/database/table.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import { type Table, tableOver } from '../../src/platform/table.ts';

/** The packaged template's table in a DynamoDB of its own. */
export type TestTable = { table: Table; close(): Promise<void> };

/** Tests are about what is on record: where fifty of them ask at once on a busy machine, an answer may take longer than in Lambda. */
const PATIENT = { connectionTimeout: 60_000, requestTimeout: 60_000, throwOnRequestTimeout: true };

type TestDatabase = { endpoint: string; accessKeyId: string; close(): Promise<void> };

/** The embedded DynamoDB that the test files of this process use one after the other. */
let kept: { database: Promise<TestDatabase>; isInUse: boolean } | undefined;

/**
 * Opens an empty table, and points the AWS SDK's DynamoDB clients of this process at it: in the embedded DynamoDB, or in the one at
 * TEST_DYNAMODB_ENDPOINT, where each access key has tables of its own (as DynamoDB Local keeps them).
 */
export async function openTestTable(): Promise<TestTable> {
  const endpoint = process.env.TEST_DYNAMODB_ENDPOINT;
  const database = endpoint === undefined ? await borrowDatabase() : databaseAt(endpoint);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = database.endpoint;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = database.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  const { table: definition } = await readPackagedStack({ region: 'us-east-1', accountId: '000000000000' });
  // Tests have clocks of their own: one that is about expiry gives the table its clock.
  const { client: opened, name } = tableOver(new DynamoDBClient({ requestHandler: PATIENT }), definition.TableName);
  const table = { client: opened, name };
  await ensureTable(table.client, definition);
  return {
    table,
    async close() {
      await table.client.send(new DeleteTableCommand({ TableName: name }));
      table.client.destroy();
      await database.close();
    },
  };
}

/** The kept database, or where a table is open in it, another one. */
async function borrowDatabase(): Promise<TestDatabase> {
  if (kept?.isInUse) return embeddedDatabase();
  kept ??= { database: embeddedDatabase(), isInUse: false };
  const used = kept;
  used.isInUse = true;
  return {
    ...(await used.database),
    async close() {
      used.isInUse = false;
    },
  };
}

async function embeddedDatabase(): Promise<TestDatabase> {
  const directory = mkdtempSync(join(process.env.TEST_STATE ?? tmpdir(), 'totogi-notifications-'));
  const database = await startDatabase(directory);
  return {
    endpoint: `http://127.0.0.1:${database.port}`,
    accessKeyId: 'test',
    async close() {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function databaseAt(endpoint: string): TestDatabase {
  return { endpoint, accessKeyId: `test${randomBytes(8).toString('hex')}`, close: async () => undefined };
}
