import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { StartupFault } from '../startup-fault.ts';

export type TableDefinition = CreateTableCommandInput & { TableName: string };

const pollMs = 50;

/** A developer's own AWS profile or environment may enable these, which a local endpoint does not support. */
const noneOfTheseHere = { useFipsEndpoint: false, useDualstackEndpoint: false, accountIdEndpointMode: 'disabled' } as const;

export function connectDatabase({ port, region }: { port: number; region: string }): DynamoDBDocumentClient {
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region, credentials, ...noneOfTheseHere });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** Creates the table unless it exists. Throws StartupFault when the existing one has other keys. */
export async function ensureTable(client: DynamoDBDocumentClient, definition: TableDefinition): Promise<void> {
  const table = (await describe(client, definition.TableName)) ?? (await create(client, definition));
  if (keysOf(table) !== keysOf(definition)) {
    throw new StartupFault(
      'The table in the state folder was made with other keys or indexes than the template has now: delete the state folder and start again.',
    );
  }
  let status = table.TableStatus;
  while (status !== 'ACTIVE') {
    await sleep(pollMs);
    status = (await describe(client, definition.TableName))?.TableStatus;
  }
}

async function create(client: DynamoDBDocumentClient, definition: TableDefinition): Promise<TableDescription> {
  const { TableDescription: table = {} } = await client.send(new CreateTableCommand(definition));
  return table;
}

async function describe(client: DynamoDBDocumentClient, tableName: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: tableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function keysOf({ KeySchema, GlobalSecondaryIndexes }: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>): string {
  const schemas = [{ IndexName: '', KeySchema }, ...(GlobalSecondaryIndexes ?? [])];
  const texts = schemas.map(
    (schema) => `${schema.IndexName}:${schema.KeySchema?.map((key) => `${key.AttributeName} ${key.KeyType}`).sort()}`,
  );
  return texts.sort().join('; ');
}
