import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { awsLimits } from './aws-client.ts';
import { DAY } from './duration.ts';

const DAY_SECONDS = DAY / 1_000;

export const TABLE_LIMITS = awsLimits({ request: 3_000 });

/** `now` is the clock for the expiry of records, in milliseconds since the epoch; without it nothing expires. */
export type Table = { client: DynamoDBDocumentClient; name: string; now?: () => number };

export type Item = Record<string, unknown>;
export type Key = { pk: string; sk: string };

export function createTableClient(name: string): Table {
  return tableOver(new DynamoDBClient(TABLE_LIMITS), name);
}

export function tableOver(client: DynamoDBClient, name: string): Table {
  // The SDK's logger middleware copies every request and reply although no logger is set: 3 % of the cost of an event.
  client.middlewareStack.remove('loggerMiddleware');
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { client: documents, name, now: () => Date.now() };
}

/**
 * Computes the DynamoDB time to live: seconds since the epoch.
 *
 * @param at when the record was made, in milliseconds since the epoch.
 * @param days undefined means never.
 */
export function expiryAfter(at: number, days: number | undefined): number | undefined {
  return days === undefined ? undefined : Math.ceil(at / 1_000) + days * DAY_SECONDS;
}

/** DynamoDB deletes an expired item up to two days late. Until then it must not be shown. */
export function isExpired({ now }: Table, { expiresAt }: Item): boolean {
  return now !== undefined && typeof expiresAt === 'number' && expiresAt * 1_000 <= now();
}

/** Reads consistently. An expired item counts as not found. */
export async function readItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
  return Item === undefined || isExpired(table, Item) ? undefined : Item;
}

/** Whether the write's condition was met. */
export async function writeIf(table: Table, command: PutCommand | UpdateCommand | DeleteCommand): Promise<boolean> {
  return (await changeIf(table, command)) !== undefined;
}

/** Returns the attributes that the command asks for, or undefined when its condition was not met. */
export async function changeIf({ client }: Table, command: PutCommand | UpdateCommand | DeleteCommand): Promise<Item | undefined> {
  try {
    // The client's types do not take a union of commands.
    const { Attributes = {} } = await (command instanceof UpdateCommand
      ? client.send(command)
      : command instanceof PutCommand
        ? client.send(command)
        : client.send(command));
    return Attributes;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return undefined;
  }
}

/**
 * Writes an item unless its key is taken by one that has not expired.
 *
 * @returns `already-done` with the stored item. (It is read back, because not every DynamoDB returns it on failure.)
 */
export async function putOnce(table: Table, item: Item & Key): Promise<{ outcome: 'done' } | { outcome: 'already-done'; stored: Item }> {
  if (await writeIf(table, new PutCommand({ TableName: table.name, Item: item, ...keyIsFree(table) }))) return { outcome: 'done' };
  const stored = await readItem(table, { pk: item.pk, sk: item.sk });
  if (!stored) throw new Error('An item that stood in the way of a write is gone.');
  return { outcome: 'already-done', stored };
}

function keyIsFree({ now }: Table) {
  if (!now) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const ExpressionAttributeValues = { ':now': Math.floor(now() / 1_000) };
  return { ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now', ExpressionAttributeValues };
}

/**
 * Writes the next version of an item that counts its versions, unless another writer came first since `version` was read (0 for none).
 * An expired item reads as none but exists until DynamoDB deletes it.
 *
 * @returns whether it was written.
 */
export function putVersion(table: Table, item: Item & Key, version: number): Promise<boolean> {
  const now = Math.floor((table.now?.() ?? 0) / 1_000);
  const isNext =
    version === 0
      ? { ConditionExpression: 'attribute_not_exists(version) OR expiresAt <= :now', ExpressionAttributeValues: { ':now': now } }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
  return writeIf(table, new PutCommand({ TableName: table.name, Item: { ...item, version: version + 1 }, ...isNext }));
}

/** Both ends are inclusive. `index` reads the timeline index instead of the table. */
export type KeyRange = { partition: string; from: string; to: string; descending: boolean; index?: 'timeline' };

/** Returns at most `limit` items without the expired ones, and whether more follow. */
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

/** Pages after the first double up to this size, for fewer round trips. */
const LARGEST_GROWN_PAGE = 100;

/** Yields every item of a range in order, expired ones included. Reads the next page only when the caller gets there. */
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

/** The greatest key that sorts before `key`, for ASCII keys. */
function justBefore(key: string): string {
  return `${key.slice(0, -1)}${String.fromCharCode(key.charCodeAt(key.length - 1) - 1)}\uffff`;
}
