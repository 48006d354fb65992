import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../schemas/event-id.ts';
import type { Profile } from '../schemas/profile.ts';
import { phoneLookupKey } from './keys.ts';
import { type Item, type Table, walkRange } from './table.ts';

const PAGE_SIZE = 100;

/** The hash under which a number is looked up. */
export function phoneHash(phone: string): string {
  return digest(phone).toString('hex');
}

/** Every number of a profile: the account's own and those of its devices. */
export function phonesOf({ phone, devices = {} }: Profile): Set<string> {
  const all = [phone, ...Object.values(devices).map((device) => device.phone)];
  return new Set(all.filter((one) => one !== undefined));
}

/**
 * Lays the way from a number to an account's partition for a change of its profile, before the change itself: a number on record then
 * always has its look-up. One that leads nowhere harms nothing, since readers look at the profile.
 */
export async function layLookup(table: Table, hash: string, partition: string, version: number): Promise<void> {
  await unlessRefused(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: phoneLookupKey(hash, partition),
        UpdateExpression: 'SET version = :version',
        ConditionExpression: 'attribute_not_exists(version) OR version < :version',
        ExpressionAttributeValues: { ':version': version },
      }),
    ),
  );
}

/** Removes the way from a number that a change took away, unless a later change has laid it again. */
export async function removeLookup(table: Table, hash: string, partition: string, version: number): Promise<void> {
  await unlessRefused(
    table.client.send(
      new DeleteCommand({
        TableName: table.name,
        Key: phoneLookupKey(hash, partition),
        ConditionExpression: 'attribute_not_exists(pk) OR version < :version',
        ExpressionAttributeValues: { ':version': version },
      }),
    ),
  );
}

/** The partitions of the accounts that a number may lead to. */
export async function* walkLookups(table: Table, phone: string): AsyncGenerator<string> {
  const range = { partition: phoneLookupKey(phoneHash(phone), '').pk, from: 'TENANT#', to: 'TENANT#~', descending: false };
  for await (const item of walkRange(table, range, PAGE_SIZE)) yield partitionOf(item);
}

function partitionOf({ sk }: Item): string {
  return String(sk);
}

/** A later change has been there: it knows better. */
async function unlessRefused(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
