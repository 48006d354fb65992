import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../platform/hash.ts';
import { type Key, putOnce, readItem, type Table } from '../platform/table.ts';
import { suppressionKey } from '../schemas/keys.ts';
import type { Channel } from '../schemas/message/channel.ts';
import { phoneMatchKey } from '../schemas/profile/phone-number.ts';

export async function isSuppressed(table: Table, tenant: string, channel: Channel, address: string): Promise<boolean> {
  return (await readItem(table, keyOf(tenant, channel, address))) !== undefined;
}

/**
 * Adds an address or number to a tenant's suppression list, as a hash only.
 *
 * @param entry `at` as RFC 3339.
 * @returns `already-done` when it is listed; the first reason and time stay.
 */
export async function suppress(
  table: Table,
  tenant: string,
  channel: Channel,
  address: string,
  entry: { reason: string; at: string },
): Promise<'done' | 'already-done'> {
  const { reason, at } = entry;
  const { outcome } = await putOnce(table, { ...keyOf(tenant, channel, address), reason, at });
  return outcome;
}

/** For an address that works again. May be repeated. */
export async function unsuppress(table: Table, tenant: string, channel: Channel, address: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(tenant, channel, address) }));
}

function keyOf(tenant: string, channel: Channel, address: string): Key {
  return suppressionKey(tenant, channel, digest(normalise(channel, address)).toString('hex'));
}

/** No provider distinguishes mailboxes by letter case, although RFC 5321 allows it. */
function normalise(channel: Channel, address: string): string {
  return channel === 'email' ? address.trim().toLowerCase() : phoneMatchKey(address);
}
