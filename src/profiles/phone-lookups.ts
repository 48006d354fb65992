import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../platform/hash.ts';
import { expiryAfter, isExpired, type Table, walkRange, writeIf } from '../platform/table.ts';
import { accountPartition, phoneLookupKey, textedLookupKey } from '../schemas/keys.ts';
import { isSamePhone, phoneMatchKey } from '../schemas/profile/phone-number.ts';
import type { Profile } from '../schemas/profile/profile.ts';

const PAGE_SIZE = 100;
/** How long a text keeps the lookup from a number to its account. An opt-out of the number itself never expires. */
const TEXTED_DAYS = 180;

/** The same hash for every spelling of a number. */
export function phoneHash(phone: string): string {
  return digest(phoneMatchKey(phone)).toString('hex');
}

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
 * Writes a lookup before the profile change that needs it, so that every stored number has one. A stale lookup is harmless, because readers
 * check the profile.
 */
export async function writeLookup(table: Table, hash: string, partition: string, version: number): Promise<void> {
  await writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: phoneLookupKey(hash, partition),
      UpdateExpression: 'SET version = :version',
      ConditionExpression: 'attribute_not_exists(version) OR version < :version',
      ExpressionAttributeValues: { ':version': version },
    }),
  );
}

/** Keeps a lookup that a later change has written. */
export async function removeLookup(table: Table, hash: string, partition: string, version: number): Promise<void> {
  await writeIf(
    table,
    new DeleteCommand({
      TableName: table.name,
      Key: phoneLookupKey(hash, partition),
      ConditionExpression: 'attribute_not_exists(pk) OR version < :version',
      ExpressionAttributeValues: { ':version': version },
    }),
  );
}

/**
 * Writes the lookup for a texted number that is not in the profile, such as a device's, so that replies reach the account. Call it before
 * the text is sent. May be repeated.
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

/** `isTexted`: the account was texted at this number, which may not be in its profile. */
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
