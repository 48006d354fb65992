import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestTable, type TestTable } from '../../builders/table.ts';

let opened: TestTable;
beforeAll(async () => {
  opened = await openTestTable();
});
afterAll(() => opened.close());

type Part = NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>[number];

const transact = (parts: (table: string) => Part[], token?: string) =>
  opened.table.client.send(
    new TransactWriteCommand({ TransactItems: parts(opened.table.name), ...(token === undefined ? {} : { ClientRequestToken: token }) }),
  );
const get = async (pk: string) =>
  (await opened.table.client.send(new GetCommand({ TableName: opened.table.name, Key: { pk, sk: 'A' }, ConsistentRead: true }))).Item;
const put = (pk: string, more: object = {}): ((table: string) => Part) => {
  return (TableName) => ({ Put: { TableName, Item: { pk, sk: 'A', ...more }, ConditionExpression: 'attribute_not_exists(pk)' } });
};
const take = (pk: string, limit: number): ((table: string) => Part) => {
  return (TableName) => ({
    Update: {
      TableName,
      Key: { pk, sk: 'A' },
      UpdateExpression: 'ADD taken :one',
      ConditionExpression: 'attribute_not_exists(taken) OR taken < :limit',
      ExpressionAttributeValues: { ':one': 1, ':limit': limit },
    },
  });
};
const all =
  (...parts: ((table: string) => Part)[]) =>
  (table: string) =>
    parts.map((part) => part(table));
const codesOf = (error: unknown) => {
  expect(error).toBeInstanceOf(TransactionCanceledException);
  return (error as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code);
};

test('writes every part, the index too', async () => {
  await transact(all(put('t1-a', { timeline: 'line-1' }), take('t1-b', 5)));
  expect([await get('t1-a'), await get('t1-b')]).toMatchObject([{ timeline: 'line-1' }, { taken: 1 }]);
  const query = new QueryCommand({
    TableName: opened.table.name,
    IndexName: 'timeline',
    KeyConditionExpression: 'timeline = :line',
    ExpressionAttributeValues: { ':line': 'line-1' },
  });
  expect((await opened.table.client.send(query)).Items).toMatchObject([{ pk: 't1-a' }]);
});

test('writes nothing where one condition fails, and says which', async () => {
  await transact(all(put('t2-a')));
  const error = await transact(all(put('t2-b'), put('t2-a'), take('t2-c', 5))).catch((error: unknown) => error);
  expect(codesOf(error)).toEqual(['None', 'ConditionalCheckFailed', 'None']);
  expect([await get('t2-b'), await get('t2-c')]).toEqual([undefined, undefined]);
});

test('checks and deletes', async () => {
  await transact(all(put('t3-a'), put('t3-b')));
  const exists = (pk: string) => (TableName: string) => ({
    ConditionCheck: { TableName, Key: { pk, sk: 'A' }, ConditionExpression: 'attribute_exists(pk)' },
  });
  const remove = (TableName: string) => ({ Delete: { TableName, Key: { pk: 't3-a', sk: 'A' } } });
  const error = await transact(all(remove, exists('t3-none'))).catch((error: unknown) => error);
  expect(codesOf(error)).toEqual(['None', 'ConditionalCheckFailed']);
  expect(await get('t3-a')).toBeDefined();
  await transact(all(remove, exists('t3-b')));
  expect(await get('t3-a')).toBeUndefined();
});

test('by many at once, and among plain writes, passes no limit and loses nothing', async () => {
  const plain = () =>
    opened.table.client.send(
      new UpdateCommand({
        TableName: opened.table.name,
        Key: { pk: 't4-budget', sk: 'A' },
        UpdateExpression: 'ADD looked :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
  const tries = Array.from({ length: 50 }, (_, index) =>
    transact(all(put(`t4-${index}`), take('t4-budget', 20))).then(
      () => index,
      (error: unknown) => void codesOf(error),
    ),
  );
  const [taken] = await Promise.all([Promise.all(tries), Promise.all(Array.from({ length: 20 }, plain))]);
  const won = taken.filter((index) => index !== undefined);
  expect(won).toHaveLength(20);
  expect(await get('t4-budget')).toMatchObject({ taken: 20, looked: 20 });
  const records = await Promise.all(tries.map((_, index) => get(`t4-${index}`)));
  expect(records.flatMap((record, index) => (record ? [index] : []))).toEqual(won);
});

test('asked for again with the same token answers as before and does nothing', async () => {
  await transact(all(put('t5-a'), take('t5-b', 5)), 'token-5');
  await transact(all(put('t5-a'), take('t5-b', 5)), 'token-5');
  expect(await get('t5-b')).toMatchObject({ taken: 1 });
});

test('refuses two parts on one item, and what is no expression', async () => {
  await expect(transact(all(take('t6', 5), take('t6', 5)))).rejects.toMatchObject({ name: 'ValidationException' });
  const broken = (TableName: string) => ({ Put: { TableName, Item: { pk: 't6', sk: 'A' }, ConditionExpression: 'attribute_not(pk' } });
  await expect(transact(all(broken))).rejects.toMatchObject({ name: 'ValidationException' });
  await opened.table.client.send(new PutCommand({ TableName: opened.table.name, Item: { pk: 't6', sk: 'A' } }));
  expect(await get('t6')).toBeDefined();
});
