import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startDatabase } from '../../../local/database/database.ts';
import { StateUnusable } from '../../../local/state.ts';
import { patience } from '../../builders/patience.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const TableName = 'notifications';

/** Near the 400 KB that an item may have. */
const itemBytes = 380_000;

async function open(directory: string) {
  const database = await startDatabase(directory);
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${database.port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    client.destroy();
    await database.close();
  };
  onTestFinished(close);
  return { client, close, port: database.port };
}

/** Creates the table and waits until it takes requests, which is a moment after the answer. */
async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(tableCreation);
  while ((await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus !== 'ACTIVE') await sleep(10);
}

const tableCreation = new CreateTableCommand({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'timeline'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'timeline',
      KeySchema: [
        { AttributeName: 'timeline', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

const put = (sk: string) =>
  new PutItemCommand({
    TableName,
    Item: { pk: { S: 'TENANT#a' }, sk: { S: sk }, timeline: { S: 'DAY#2026-01-01' } },
    ConditionExpression: 'attribute_not_exists(pk)',
  });

const get = (sk: string) => new GetItemCommand({ TableName, Key: { pk: { S: 'TENANT#a' }, sk: { S: sk } } });

test('a table is ready when created; conditions and the index work as the store needs them', async () => {
  const { client } = await open(join(temporaryDirectory(), 'dynamodb'));
  await createTable(client);
  expect((await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
  for (const sk of ['EVENT#1', 'EVENT#2', 'EVENT#3']) await client.send(put(sk));
  await expect(client.send(put('EVENT#2'))).rejects.toThrow(ConditionalCheckFailedException);
  const query = new QueryCommand({
    TableName,
    IndexName: 'timeline',
    KeyConditionExpression: 'timeline = :day AND sk >= :from',
    ExpressionAttributeValues: { ':day': { S: 'DAY#2026-01-01' }, ':from': { S: 'EVENT#2' } },
    ScanIndexForward: false,
  });
  expect((await client.send(query)).Items?.map((item) => item.sk?.S)).toEqual(['EVENT#3', 'EVENT#2']);
});

test('items are there after a restart', async () => {
  const directory = temporaryDirectory();
  const first = await open(directory);
  await createTable(first.client);
  await first.client.send(put('EVENT#1'));
  await first.close();
  const second = await open(directory);
  expect((await second.client.send(get('EVENT#1'))).Item?.sk?.S).toBe('EVENT#1');
});

test('a client that hangs up half-way harms nobody', async () => {
  const { client, port } = await open(temporaryDirectory());
  await createTable(client);
  for (let time = 0; time < 5; time += 1) {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write('POST / HTTP/1.1\r\nhost: local\r\ncontent-length: 1000\r\n\r\n{', () => resolve()));
    socket.resetAndDestroy();
  }
  await client.send(put('EVENT#1'));
  expect((await client.send(get('EVENT#1'))).Item?.sk?.S).toBe('EVENT#1');
});

test('queries keep nothing alive: what was overwritten since leaves the disk', async () => {
  const directory = temporaryDirectory();
  const { client } = await open(directory);
  await createTable(client);
  const query = new QueryCommand({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'TENANT#a' } },
    Limit: 1,
  });
  const overwritten = 150;
  for (let time = 0; time < overwritten; time += 1) {
    const noise = randomBytes(itemBytes / 2).toString('hex');
    await client.send(
      new PutItemCommand({ TableName, Item: { pk: { S: 'TENANT#a' }, sk: { S: `EVENT#${time % 2}` }, noise: { S: noise } } }),
    );
    await client.send(query);
  }
  const bytesOnDisk = () => readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
  await vi.waitFor(() => expect(bytesOnDisk()).toBeLessThan(overwritten * itemBytes), patience);
});

async function refusal(directory: string): Promise<string> {
  const failure = await startDatabase(directory).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StateUnusable);
  return String(failure);
}

test('a folder in use is refused with what to do', async () => {
  const directory = temporaryDirectory();
  await open(directory);
  expect(await refusal(directory)).toContain('stop any other process that uses it');
});

test('a damaged folder is refused with what to do', async () => {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'CURRENT'), 'this names no manifest\n');
  expect(await refusal(directory)).toContain(`delete the folder ${directory} to start empty`);
});

test('a folder that lost the file by which the others are read is refused, with the whole state named as what to delete', async () => {
  const state = temporaryDirectory();
  const directory = join(state, 'dynamodb');
  await (await startDatabase(directory)).close();
  rmSync(join(directory, 'CURRENT'));
  await expect(startDatabase(directory, { stateDirectory: state })).rejects.toThrow(`delete the folder ${state} to start empty`);
  expect(await refusal(directory)).toContain('CURRENT is missing');
});
