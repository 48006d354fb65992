import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isoTime } from '../../schemas/time.ts';
import { Contended } from '../contended.ts';
import { replaySlotsKey } from '../keys.ts';
import { readItem, type Table } from '../table.ts';
import { findReplay } from './replays.ts';

/** Each goes through a range of the tenant's events twice, dry runs too. */
export const MAX_OPEN_REPLAYS = 10;
/** A replay that went through no page for so long has failed: its steps are retried after minutes. It may still go on later. */
const STALLED_AFTER_MILLISECONDS = 60 * 60_000;
/** Between its slot and its record: the request that makes both is over by then. */
const RECORDED_WITHIN_MILLISECONDS = 60_000;
const MAX_ATTEMPTS = 20;

/** Which replays may be open, and since when (RFC 3339), by their ids. */
const StoredSlots = z.object({ version: z.int(), slots: z.record(z.string(), z.string()) });
type Slots = z.infer<typeof StoredSlots>;

type Wanted = { tenant: string; id: string; at: number };

/**
 * Reserves a slot for a replay before it goes on record, one request of a tenant after the other: by a write that fails when another one
 * reserved since the look. Replays that are done, failed or never came about give theirs up. May be repeated.
 *
 * @param wanted `at` in milliseconds since the epoch.
 * @returns `full` where as many replays as may be are open.
 * @throws when so many requests come at once that this one had no turn; it may come again.
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
