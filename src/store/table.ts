import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

const DAY_SECONDS = 24 * 3_600;

/** How long a call of DynamoDB or STS may take. */
export const REQUEST_LIMITS = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/** The one table and how to reach it. `now` is the clock by which records expire, in milliseconds since the epoch; without it none does. */
export type Table = { client: DynamoDBDocumentClient; name: string; now?: () => number };

/** An item as DynamoDB returns it, before its schema has read it. */
export type Item = Record<string, unknown>;
export type Key = { pk: string; sk: string };

/** The table of that name, in the region and at the endpoint that the environment gives the AWS SDK. */
export function createTableClient(name: string): Table {
  return tableOver(new DynamoDBClient({ requestHandler: REQUEST_LIMITS }), name);
}

export function tableOver(client: DynamoDBClient, name: string): Table {
  // The SDK copies all that it sends and gets for a log, and ours has none to write: 3 % of what an event costs.
  client.middlewareStack.remove('loggerMiddleware');
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { client: documents, name, now: () => Date.now() };
}

/**
 * When a record expires, as DynamoDB's time to live reads it: seconds since the epoch.
 *
 * @param at when it was made, in milliseconds since the epoch.
 * @param days undefined for what is kept for good.
 */
export function expiryAfter(at: number, days: number | undefined): number | undefined {
  return days === undefined ? undefined : Math.ceil(at / 1_000) + days * DAY_SECONDS;
}

/** Whether an item's time is over. DynamoDB deletes it up to two days later; until then nobody is shown it. */
export function isExpired({ now }: Table, { expiresAt }: Item): boolean {
  return now !== undefined && typeof expiresAt === 'number' && expiresAt * 1_000 <= now();
}

/** Reads an item as it is now, not as a replica may still have it. One that has expired is not there. */
export async function readItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  return Item === undefined || isExpired(table, Item) ? undefined : Item;
}

/**
 * Writes an item unless its key is taken, by one that has not expired.
 *
 * @returns `done`, or `already-done` with the item that has the key. (It is read back: not every DynamoDB returns it on failure.)
 */
export async function putOnce(table: Table, item: Item & Key): Promise<{ outcome: 'done' } | { outcome: 'already-done'; stored: Item }> {
  try {
    await table.client.send(new PutCommand({ TableName: table.name, Item: item, ...keyIsFree(table) }));
    return { outcome: 'done' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const stored = await readItem(table, { pk: item.pk, sk: item.sk });
    if (!stored) throw new Error('An item that stood in the way of a write is gone.', { cause: error });
    return { outcome: 'already-done', stored };
  }
}

function keyIsFree({ now }: Table) {
  if (!now) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const ExpressionAttributeValues = { ':now': Math.floor(now() / 1_000) };
  return { ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now', ExpressionAttributeValues };
}

/** Where a range of sort keys is read: both ends inclusive. `index` reads the timeline index instead of the table. */
export type KeyRange = { partition: string; from: string; to: string; descending: boolean; index?: 'timeline' };

/** One page of a key range, at most `limit` items without those that have expired, and whether more follow. */
export async function readRange(table: Table, range: KeyRange, limit: number): Promise<{ items: Item[]; more: boolean }> {
  const { items, more } = await queryRange(table, range, limit);
  return { items: items.filter((item) => !isExpired(table, item)), more };
}

async function queryRange(table: Table, range: KeyRange, limit: number): Promise<{ items: Item[]; more: boolean }> {
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

/** A walk that goes on past its first page looks for something, or for one item more: its pages double up to this, for fewer round trips. */
const LARGEST_GROWN_PAGE = 100;

/** Every item of a key range, those included that have expired, page after page in the range's order, read as the caller asks for them. */
export async function* walkRange(table: Table, range: KeyRange, firstPageSize: number): AsyncGenerator<Item> {
  let { from, to } = range;
  for (let pageSize = firstPageSize; ; pageSize = Math.max(firstPageSize, Math.min(2 * pageSize, LARGEST_GROWN_PAGE))) {
    const { items, more } = await queryRange(table, { ...range, from, to }, pageSize);
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
