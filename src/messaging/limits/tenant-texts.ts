import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { digest } from '../../platform/hash.ts';
import { changeIf, expiryAfter, readItem, type Table } from '../../platform/table.ts';
import { dayOf, tenantTextsKey } from '../../schemas/keys.ts';
import type { MessageReference } from '../../schemas/message/message.ts';
import { messageId } from '../message-records.ts';
import { slotOf } from './number-texts.ts';

const SHARDS = 8;
/** How many of its latest texts a share recognises: a repeat comes within seconds. They fit one write unit. */
const LATEST = 32;
const KEPT_DAYS = 3;

const StoredShare = z.looseObject({ taken: z.int() });

/** `limit` per day (UTC); `at` in milliseconds since the epoch. */
type TenantSlotRequest = { message: MessageReference; at: number; limit: number };
type Share = { shard: number; size: number };
/** `reached` is the new level of the share that this text counted in, in texts. */
export type TenantSlot = { taken: false } | { taken: true; reached?: { texts: number; size: number } };

/**
 * Reserves a slot of the tenant's daily limit. Eight shares keep any key from being hot; their sizes add up to the limit. A text whose
 * share is full takes from another, so the limit is exact.
 *
 * One write without a read: it fails when the share is full or already knows the message. A late repeat takes a second slot, which errs on
 * the side of fewer texts.
 */
export async function takeTenantSlot(table: Table, request: TenantSlotRequest): Promise<TenantSlot> {
  const first = digest(messageId(request.message))[0] ?? 0;
  const shares = Array.from({ length: SHARDS }, (_, step) => (first + step) % SHARDS).map((shard) => ({
    shard,
    size: Math.floor((request.limit + shard) / SHARDS),
  }));
  for (const share of shares) {
    // Only the first share is written without a read: near the limit, a read costs a fifth of a failed write.
    const known = share === shares[0] ? undefined : await readShare(table, request, share);
    if (known === 'mine') return { taken: true };
    if (known === 'full') continue;
    const slot = await takeFrom(table, request, share);
    if (slot.taken) return slot;
  }
  return { taken: false };
}

async function takeFrom(table: Table, request: TenantSlotRequest, share: Share): Promise<TenantSlot> {
  if (share.size === 0) return { taken: false };
  const changed = await changeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(request, share),
      UpdateExpression: 'SET taken = if_not_exists(taken, :none) + :one, #latest = :slot, expiresAt = :expiry',
      ConditionExpression: '(attribute_not_exists(taken) OR taken < :size) AND (attribute_not_exists(#latest) OR #latest <> :slot)',
      ExpressionAttributeNames: { '#latest': latestOf(request) },
      ExpressionAttributeValues: {
        ':none': 0,
        ':one': 1,
        ':size': share.size,
        ':slot': slotOf(request.message),
        ':expiry': expiryAfter(request.at, KEPT_DAYS),
      },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  if (changed) return { taken: true, reached: { texts: StoredShare.parse(changed).taken, size: share.size } };
  return { taken: (await readShare(table, request, share)) === 'mine' };
}

async function readShare(table: Table, request: TenantSlotRequest, share: Share): Promise<'mine' | 'full' | 'has-room'> {
  const item = await readItem(table, keyOf(request, share));
  if (item === undefined) return share.size === 0 ? 'full' : 'has-room';
  const stored = StoredShare.parse(item);
  if (stored[latestOf(request)] === slotOf(request.message)) return 'mine';
  return stored.taken < share.size ? 'has-room' : 'full';
}

function keyOf({ message, at }: TenantSlotRequest, { shard }: Share) {
  return tenantTextsKey(message.tenant, dayOf(at), shard);
}

function latestOf({ message }: TenantSlotRequest): string {
  return `latest${(digest(messageId(message))[1] ?? 0) % LATEST}`;
}
