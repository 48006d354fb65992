import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { digest } from '../../schemas/event-id.ts';
import type { MessageReference } from '../../schemas/message.ts';
import { dayOf, tenantTextsKey } from '../keys.ts';
import { messageId } from '../messages.ts';
import { expiryAfter, readItem, type Table } from '../table.ts';
import { slotOf } from './number-texts.ts';

const SHARDS = 8;
/** How many of a share's latest texts it can tell again: a repeat comes within seconds. They fit into one write unit. */
const LATEST = 32;
const KEPT_DAYS = 3;

const StoredShare = z.looseObject({ taken: z.int() });

/** What a tenant may send in a day (UTC), and when a text asks (milliseconds since the epoch). */
type TenantSlotRequest = { message: MessageReference; at: number; limit: number };
type Share = { shard: number; size: number };
/** `reached` names the share of the day's limit that this text took last, in texts. */
export type TenantSlot = { taken: false } | { taken: true; reached?: { texts: number; size: number } };

/**
 * Takes a slot of the tenant's day for a text. The day is counted in eight shares, so that no key is hot; they add up to the limit, and a
 * text whose own share is full takes from another, so that the limit is neither passed nor met before its time.
 *
 * One write without a look before it: it fails where the share is full or the message has its slot already, which a share knows of its
 * latest texts. A repeat that comes later takes a second slot, which is early and never late.
 */
export async function takeTenantSlot(table: Table, request: TenantSlotRequest): Promise<TenantSlot> {
  const first = digest(messageId(request.message))[0] ?? 0;
  const shares = Array.from({ length: SHARDS }, (_, step) => (first + step) % SHARDS).map((shard) => ({
    shard,
    size: Math.floor((request.limit + shard) / SHARDS),
  }));
  for (const share of shares) {
    // Only the first is tried unseen: near the limit a look is a fifth of the price of a write that fails.
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
  try {
    const { Attributes } = await table.client.send(
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
    return { taken: true, reached: { texts: StoredShare.parse(Attributes).taken, size: share.size } };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { taken: (await readShare(table, request, share)) === 'mine' };
  }
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

/** Where in its share a message is remembered. */
function latestOf({ message }: TenantSlotRequest): string {
  return `latest${(digest(messageId(message))[1] ?? 0) % LATEST}`;
}
