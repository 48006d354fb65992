import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Profile } from '../schemas/profile.ts';
import { profileKey } from './keys.ts';
import { readItem, type Table } from './table.ts';

/** An account's contacts, or undefined where none are known. */
export async function findProfile(table: Table, tenant: string, account: string): Promise<Profile | undefined> {
  const item = await readItem(table, profileKey(tenant, account));
  return item && Profile.parse(item);
}

/** Sets an account's contacts, replacing what was there. */
export async function saveProfile(table: Table, tenant: string, account: string, profile: Profile): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...profileKey(tenant, account), ...profile } }));
}
