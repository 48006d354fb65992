import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** How long a call of DynamoDB or STS may take. */
export const REQUEST_LIMITS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The one table and how to reach it. */
export type Table = { client: DynamoDBDocumentClient; name: string };

/** An item as DynamoDB returns it, before its schema has read it. */
export type Item = Record<string, unknown>;
export type Key = { pk: string; sk: string };

/** The table of that name, in the region and at the endpoint that the environment gives the AWS SDK. */
export function openTable(name: string): Table {
  return tableOver(new DynamoDBClient({ requestHandler: REQUEST_LIMITS }), name);
}

/** The table of that name over a client. */
export function tableOver(client: DynamoDBClient, name: string): Table {
  return { client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }), name };
}

/** Reads an item as it is now, not as a replica may still have it. */
export async function readItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  return Item;
}

/**
 * Writes an item unless its key is taken.
 *
 * @returns `done`, or `already-done` with the item that has the key. (It is read back: not every DynamoDB returns it on failure.)
 */
export async function putOnce(table: Table, item: Item & Key): Promise<{ outcome: 'done' } | { outcome: 'already-done'; stored: Item }> {
  try {
    await table.client.send(new PutCommand({ TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }));
    return { outcome: 'done' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const stored = await readItem(table, { pk: item.pk, sk: item.sk });
    if (!stored) throw new Error('An item that stood in the way of a write is gone.', { cause: error });
    return { outcome: 'already-done', stored };
  }
}

/** Where a range of sort keys is read: both ends inclusive. `index` reads the timeline index instead of the table. */
export type KeyRange = { partition: string; from: string; to: string; descending: boolean; index?: 'timeline' };

/** One page of a key range, at most `limit` items, and whether more follow. */
export async function readRange(table: Table, range: KeyRange, limit: number): Promise<{ items: Item[]; more: boolean }> {
  if (range.from > range.to) return { items: [], more: false };
  const query: QueryCommandInput = {
    TableName: table.name,
    KeyConditionExpression: '#partition = :partition AND sk BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#partition': range.index ?? 'pk' },
    ExpressionAttributeValues: { ':partition': range.partition, ':from': range.from, ':to': range.to },
    ScanIndexForward: !range.descending,
    Limit: limit,
    ...(range.index ? { IndexName: range.index } : { ConsistentRead: true }),
  };
  const { Items = [], LastEvaluatedKey } = await table.client.send(new QueryCommand(query));
  return { items: Items, more: LastEvaluatedKey !== undefined };
}

/** A walk that goes on past its first page is looking for something: then larger pages cost fewer round trips. */
const FOLLOWING_PAGE_SIZE = 100;

/** Every item of a key range, page after page in the range's order, read as the caller asks for them. */
export async function* walkRange(table: Table, range: KeyRange, firstPageSize: number): AsyncGenerator<Item> {
  let { from, to } = range;
  for (let pageSize = firstPageSize; ; pageSize = Math.max(firstPageSize, FOLLOWING_PAGE_SIZE)) {
    const { items, more } = await readRange(table, { ...range, from, to }, pageSize);
    yield* items;
    const last = items.at(-1)?.sk;
    if (!more || typeof last !== 'string') return;
    if (range.descending) to = justBefore(last);
    else from = `${last}\u0000`;
  }
}

/** The greatest key text that sorts before `key`, for keys of ASCII text. */
function justBefore(key: string): string {
  return `${key.slice(0, -1)}${String.fromCharCode(key.charCodeAt(key.length - 1) - 1)}\uffff`;
}
