import { GetCommand, PutCommand, QueryCommand, ScanCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { place } from '../../local/aws-scope.ts';
import { type HttpServer, openHttpServer, readBody, sendReply } from '../../local/http-server.ts';
import { createSts } from '../../local/iam/sts.ts';
import { type PackagedStack, readPackagedStack } from '../../local/template/packaged-stack.ts';
import type { Table } from '../../src/platform/table.ts';
import { createTenantTables } from '../../src/platform/tenant-tables.ts';
import { accountPartition, timelinePartition } from '../../src/schemas/keys.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const HOUR = 3_600_000;
const REFUSED = { name: 'AccessDeniedException' };

let database: TestTable;
let sts: HttpServer;
let stack: PackagedStack;
let stsIsBehind = 0;
const assumed: (string | null)[] = [];

beforeAll(async () => {
  database = await openTestTable();
  stack = await readPackagedStack(place);
  const answer = createSts({ roles: stack.dataRoles, now: () => Date.now() - stsIsBehind });
  sts = await openHttpServer({ port: 0, variable: 'AWS_PORT' });
  sts.serve(async (request, response) => {
    const form = new URLSearchParams((await readBody(request, 100_000)).toString());
    assumed.push(form.get('Tags.member.1.Value'));
    sendReply(response, answer(form) ?? { status: 500, body: '' });
  });
  process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${sts.port}`;
  for (const tenant of ['1', '12']) await database.table.client.send(put(database.table, tenant));
});
afterAll(async () => {
  await sts.close();
  await database.close();
});

const put = ({ name }: Table, tenant: string) =>
  new PutCommand({
    TableName: name,
    Item: { pk: accountPartition(tenant, 'acc'), sk: 'PROFILE', timeline: timelinePartition(tenant, '2026-05-01', 0), of: tenant },
  });
const get = ({ name }: Table, tenant: string) =>
  new GetCommand({ TableName: name, Key: { pk: accountPartition(tenant, 'acc'), sk: 'PROFILE' } });
const query = ({ name }: Table, tenant: string, index?: 'timeline') =>
  new QueryCommand({
    TableName: name,
    KeyConditionExpression: '#partition = :partition AND sk BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#partition': index ?? 'pk' },
    ExpressionAttributeValues: {
      ':partition': index ? timelinePartition(tenant, '2026-05-01', 0) : accountPartition(tenant, 'acc'),
      ':from': 'A',
      ':to': 'Z',
    },
    ...(index ? { IndexName: index } : {}),
  });

/** The data role of a function, by a word of its policy. */
function tablesOf(sid: string) {
  const role = stack.dataRoles.find(({ statements }) => statements.some(({ Sid }) => Sid === sid));
  return createTenantTables({ name: database.table.name, dataRole: role?.arn ?? '' });
}

describe('the table of a tenant', () => {
  test('opens this tenant’s records, in the table and in the index', async () => {
    const table = tablesOf('ReadRecords')('1');
    expect((await table.client.send(get(table, '1'))).Item).toMatchObject({ of: '1' });
    expect((await table.client.send(query(table, '1'))).Items).toMatchObject([{ of: '1' }]);
    expect((await table.client.send(query(table, '1', 'timeline'))).Items).toMatchObject([{ of: '1' }]);
  });

  test('refuses those of any other, and a scan', async () => {
    const table = tablesOf('ReadRecords')('1');
    for (const command of [get(table, '12'), query(table, '12'), query(table, '12', 'timeline')] as GetCommand[])
      await expect(table.client.send(command)).rejects.toMatchObject(REFUSED);
    await expect(table.client.send(new ScanCommand({ TableName: table.name }))).rejects.toMatchObject(REFUSED);
    await expect(table.client.send(put(table, '1'))).rejects.toMatchObject(REFUSED);
  });

  test('is written by the role that writes, and look-ups are laid and never read', async () => {
    const table = tablesOf('LayLookups')('12');
    await table.client.send(put(table, '12'));
    await expect(table.client.send(put(table, '1'))).rejects.toMatchObject(REFUSED);
    const both = ['12', '1'].map((tenant) => ({ Put: { ...put(table, tenant).input } }));
    await table.client.send(new TransactWriteCommand({ TransactItems: both.slice(0, 1) }));
    await expect(table.client.send(new TransactWriteCommand({ TransactItems: both }))).rejects.toMatchObject(REFUSED);
    const Key = { pk: 'LOOKUP#phone#hash', sk: accountPartition('12', 'acc') };
    await table.client.send(
      new UpdateCommand({ TableName: table.name, Key, UpdateExpression: 'SET version = :one', ExpressionAttributeValues: { ':one': 1 } }),
    );
    await expect(table.client.send(new GetCommand({ TableName: table.name, Key }))).rejects.toMatchObject(REFUSED);
  });

  test('has one session for all that it is asked, until that is about to end', async () => {
    const tables = tablesOf('ReadRecords');
    assumed.length = 0;
    for (let times = 0; times < 5; times += 1)
      for (const tenant of ['1', '12']) await tables(tenant).client.send(get(tables(tenant), tenant));
    expect(assumed.toSorted()).toEqual(['1', '12']);
    // Credentials that have four minutes left are not relied on.
    stsIsBehind = HOUR - 4 * 60_000;
    const ending = tablesOf('ReadRecords')('1');
    await ending.client.send(get(ending, '1'));
    const before = assumed.length;
    await ending.client.send(get(ending, '1'));
    expect(assumed.length).toBeGreaterThan(before);
    stsIsBehind = 0;
  });

  test('is not opened for no tenant, nor under a role that is none of the stack’s', async () => {
    const nobody = tablesOf('ReadRecords')('');
    await expect(nobody.client.send(get(nobody, ''))).rejects.toThrow();
    const stranger = createTenantTables({ name: database.table.name, dataRole: 'arn:aws:iam::000000000000:role/LookupApiRole' })('1');
    await expect(stranger.client.send(get(stranger, '1'))).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
