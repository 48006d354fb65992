import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isoTime } from '../../schemas/time.ts';
import { Contended } from '../contended.ts';
import { replaySlotsKey } from '../keys.ts';
import { readItem, type Table } from '../table.ts';
import { findReplay } from './replays.ts';

/** Each replay reads its range of the tenant's events twice, dry runs included. */
export const MAX_OPEN_REPLAYS = 10;
/** A replay without progress for this long has failed, since its steps retry within minutes. It may still resume later. */
const STALLED_AFTER_MILLISECONDS = 60 * 60_000;
/** The longest time between a slot and its replay's record: one request writes both. */
const RECORDED_WITHIN_MILLISECONDS = 60_000;
const MAX_ATTEMPTS = 20;

/** The start time (RFC 3339) of each open replay, by id. */
const StoredSlots = z.object({ version: z.int(), slots: z.record(z.string(), z.string()) });
type Slots = z.infer<typeof StoredSlots>;

type Wanted = { tenant: string; id: string; at: number };

/**
 * Reserves a slot before the replay is recorded, by a write that fails when another request reserved one since the read. Slots of replays
 * that are done, failed or were never recorded are freed. May be repeated.
 *
 * @param wanted `at` in milliseconds since the epoch.
 * @returns `full` when the maximum number of replays is open.
 * @throws Contended when too many requests compete; retry later.
 */
export async function reserveReplaySlot(table: Table, wanted: Wanted): Promise<'reserved' | 'full'> {
  for (let turn = 0; turn < MAX_ATTEMPTS; turn += 1) {
    const stored = await readSlots(table, wanted.tenant);
    const open = await openSlots(table, wanted, stored.slots);
    if (open.length >= MAX_OPEN_REPLAYS) return 'full';
    const slots = Object.fromEntries([...open, [wanted.id, isoTime(wanted.at)]]);
    if (await writeSlots(table, wanted.tenant, stored.version, slots)) return 'reserved';
  }
  throw new Contended('Too many replays of one tenant are being started at once.');
}

async function readSlots(table: Table, tenant: string): Promise<Slots> {
  const item = await readItem(table, replaySlotsKey(tenant));
  return item === undefined ? { version: 0, slots: {} } : StoredSlots.parse(item);
}

async function openSlots(table: Table, { tenant, id, at }: Wanted, slots: Slots['slots']): Promise<[string, string][]> {
  const others = Object.entries(slots).filter(([other]) => other !== id);
  const isOpen = await Promise.all(
    others.map(async ([other, since]) => {
      const replay = await findReplay(table, tenant, other);
      if (!replay) return at - Date.parse(since) < RECORDED_WITHIN_MILLISECONDS;
      return replay.state !== 'done' && at - Date.parse(replay.movedAt ?? replay.createdAt) < STALLED_AFTER_MILLISECONDS;
    }),
  );
  return others.filter((_, index) => isOpen[index]);
}

async function writeSlots(table: Table, tenant: string, version: number, slots: Slots['slots']): Promise<boolean> {
  const condition =
    version === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
  try {
    const Item = { ...replaySlotsKey(tenant), version: version + 1, slots };
    await table.client.send(new PutCommand({ TableName: table.name, Item, ...condition }));
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}
