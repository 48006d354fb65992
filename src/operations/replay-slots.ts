import * as z from 'zod';
import { MINUTE } from '../platform/duration.ts';
import { CONFLICT, retryOnConflict } from '../platform/retry-on-conflict.ts';
import { putVersion, readItem, type Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { replaySlotsKey } from '../schemas/keys.ts';
import { findReplay } from './replay-records.ts';

/** Each replay reads its range of the tenant's events twice, dry runs included. */
export const MAX_OPEN_REPLAYS = 10;
/** A replay without progress for this long has failed, since its steps retry within minutes. It may still resume later. */
const STALLED_AFTER_MILLISECONDS = 60 * MINUTE;
/** The longest time between a slot and its replay's record: one request writes both. */
const RECORDED_WITHIN_MILLISECONDS = MINUTE;

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
export function reserveReplaySlot(table: Table, wanted: Wanted): Promise<'reserved' | 'full'> {
  return retryOnConflict('the open replays of a tenant', async () => {
    const stored = await readSlots(table, wanted.tenant);
    const open = await openSlots(table, wanted, stored.slots);
    if (open.length >= MAX_OPEN_REPLAYS) return 'full';
    const slots = Object.fromEntries([...open, [wanted.id, isoTime(wanted.at)]]);
    return (await putVersion(table, { ...replaySlotsKey(wanted.tenant), slots }, stored.version)) ? 'reserved' : CONFLICT;
  });
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
