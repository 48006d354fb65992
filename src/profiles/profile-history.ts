import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, putOnce, readItem, type Table, walkRange, writeIf } from '../platform/table.ts';
import { accountPartition, profileChangeKey, profileKey } from '../schemas/keys.ts';
import { ProfileChange, profileOf, StoredProfile, storedItem } from '../schemas/profile/stored-profile.ts';
import { phoneHash, phonesOf, removeLookup, writeLookup } from './phone-lookups.ts';

const PAGE_SIZE = 100;

export type ProfileOwner = { tenant: string; account: string };

export async function findStoredProfile(table: Table, { tenant, account }: ProfileOwner): Promise<StoredProfile | undefined> {
  const item = await readItem(table, profileKey(tenant, account));
  return item && StoredProfile.parse(item);
}

/**
 * Writes a profile together with its latest change, if it is still as it was read. The previous change first gets its own record, and new
 * numbers their lookups, so that no crash loses anything.
 *
 * @returns undefined when another writer was faster.
 */
export async function writeChange(
  table: Table,
  owner: ProfileOwner,
  read: StoredProfile | undefined,
  next: StoredProfile,
): Promise<StoredProfile | undefined> {
  if (read) await finishChange(table, owner, read);
  const before = read ? hashesOf(read) : [];
  const after = hashesOf(next);
  const withoutLookup = after.filter((hash) => !before.includes(hash));
  const partition = accountPartition(owner.tenant, owner.account);
  for (const hash of withoutLookup) await writeLookup(table, hash, partition, next.version);
  const stale = before.filter((hash) => !after.includes(hash));
  const written: StoredProfile = { ...next, ...(stale.length > 0 ? { staleLookups: stale } : {}) };
  const item = { ...profileKey(owner.tenant, owner.account), ...storedItem(written) };
  const isWritten = await writeIf(table, new PutCommand({ TableName: table.name, Item: item, ...conditionOf(read) }));
  return isWritten ? written : undefined;
}

/** Writes the history record of the last change and removes lookups of removed numbers. May be repeated. */
export async function finishChange(table: Table, { tenant, account }: ProfileOwner, stored: StoredProfile): Promise<void> {
  const { lastChange, staleLookups = [], version } = stored;
  if (lastChange) await putOnce(table, { ...profileChangeKey(tenant, account, version), ...lastChange });
  for (const hash of staleLookups) await removeLookup(table, hash, accountPartition(tenant, account), version);
}

export async function listProfileChanges(table: Table, owner: ProfileOwner): Promise<ProfileChange[]> {
  const range = { partition: accountPartition(owner.tenant, owner.account), from: 'CHANGE#', to: 'CHANGE#~', descending: false };
  const changes: ProfileChange[] = [];
  for await (const item of walkRange(table, range, PAGE_SIZE)) changes.push(ProfileChange.parse(item satisfies Item));
  const last = (await findStoredProfile(table, owner))?.lastChange;
  return last && last.version > changes.length ? [...changes, last] : changes;
}

function hashesOf(stored: StoredProfile): string[] {
  return [...new Set([...phonesOf(profileOf(stored))].map(phoneHash))];
}

const CONSENTS = [
  ['service', 'sms'],
  ['service', 'email'],
  ['marketing', 'sms'],
  ['marketing', 'email'],
] as const;

/** A change of the whole profile increases the version; a change of one consent alone may not. */
function conditionOf(read: StoredProfile | undefined) {
  if (!read) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const { version, consents } = read;
  const clauses = ['version = :version'];
  const names: Record<string, string> = {};
  const values: Record<string, string | number> = { ':version': version };
  for (const [messageClass, channel] of CONSENTS) {
    const at = consents?.[messageClass]?.[channel]?.at;
    const path = `consents.#${messageClass}.#${channel}`;
    Object.assign(names, { [`#${messageClass}`]: messageClass, [`#${channel}`]: channel }, at === undefined ? {} : { '#at': 'at' });
    clauses.push(at === undefined ? `attribute_not_exists(${path})` : `${path}.#at = :${messageClass}${channel}`);
    if (at !== undefined) values[`:${messageClass}${channel}`] = at;
  }
  return {
    ConditionExpression: clauses.join(' AND '),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
