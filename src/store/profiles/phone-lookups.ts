import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../../schemas/event-id.ts';
import { isSamePhone, phoneMatchKey } from '../../schemas/phone-number.ts';
import type { Profile } from '../../schemas/profile.ts';
import { accountPartition, phoneLookupKey, textedLookupKey } from '../keys.ts';
import { expiryAfter, isExpired, type Table, walkRange } from '../table.ts';

const PAGE_SIZE = 100;
/** How long after a text a number leads to the account that was texted. A stop of the number itself holds for good. */
const TEXTED_DAYS = 180;

/** The hash under which a number is looked up: the same for every spelling of it. */
export function phoneHash(phone: string): string {
  return digest(phoneMatchKey(phone)).toString('hex');
}

/** Every number of a profile: the account's own and those of its devices. */
export function phonesOf({ phone, devices = {} }: Profile): Set<string> {
  const all = [phone, ...Object.values(devices).map((device) => device.phone)];
  return new Set(all.filter((one) => one !== undefined));
}

export function hasPhone(profile: Profile, phone: string): boolean {
  return phonesOf(profile)
    .values()
    .some((one) => isSamePhone(one, phone));
}

/**
 * Lays the way from a number to an account's partition for a change of its profile, before the change itself: a number on record then
 * always has its look-up. One that leads nowhere harms nothing, since readers look at the profile.
 */
export async function writeLookup(table: Table, hash: string, partition: string, version: number): Promise<void> {
  await unlessConflict(
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
  await unlessConflict(
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

/**
 * Lays the way from a number that is not in an account's profile, such as a device's, to the account that is texted there, so that what
 * its owner answers is known to be about it. Laid before the text goes. May be repeated.
 *
 * @param at milliseconds since the epoch.
 */
export async function writeTextedLookup(
  table: Table,
  phone: string,
  { tenant, account }: { tenant: string; account: string },
  at: number,
): Promise<void> {
  const key = textedLookupKey(phoneHash(phone), accountPartition(tenant, account));
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, expiresAt: expiryAfter(at, TEXTED_DAYS) } }));
}

export async function removeTextedLookup(table: Table, phone: string, partition: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: textedLookupKey(phoneHash(phone), partition) }));
}

/** The partitions of the accounts that a number may lead to; `isTexted` where the number was texted for it, whatever its profile says. */
export async function* walkLookups(table: Table, phone: string): AsyncGenerator<{ partition: string; isTexted: boolean }> {
  const hash = phoneHash(phone);
  const { pk, sk: from } = phoneLookupKey(hash, 'TENANT#');
  const range = { partition: pk, from, to: textedLookupKey(hash, '~').sk, descending: false };
  for await (const item of walkRange(table, range, PAGE_SIZE)) {
    if (isExpired(table, item)) continue;
    const [, texted, partition = ''] = /^(TEXTED#)?(.*)$/s.exec(String(item.sk)) ?? [];
    yield { partition, isTexted: texted !== undefined };
  }
}

/** A later change has been there: it knows better. */
async function unlessConflict(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
