import * as z from 'zod';
import { WEEK } from '../platform/duration.ts';
import { CONFLICT, retryOnConflict } from '../platform/retry-on-conflict.ts';
import { putVersion, readItem, type Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { marketingSlotsKey } from '../schemas/keys.ts';
import type { MessageReference, MessageState } from '../schemas/message/message.ts';
import { keyOf, listMessagesOfAccountSince } from './message-records.ts';

const COUNTED: ReadonlySet<MessageState> = new Set(['claimed', 'accepted', 'delivered', 'unknown']);

/** The slots taken recently: time (RFC 3339) by the message's sort key. */
const StoredSlots = z.object({ version: z.int(), slots: z.record(z.string(), z.string()) });
type Slots = z.infer<typeof StoredSlots>;

/** `at` in milliseconds since the epoch; `decide` gets the times of the account's other marketing messages. */
export type SlotRequest<Decision> = { message: MessageReference; at: number; decide: (recentMarketing: number[]) => Decision };

/**
 * Applies the frequency cap to one marketing message at a time per account. An allowed message reserves a slot before it is claimed, by a
 * write that fails when another message reserved one since the decision. So concurrent claims never exceed a cap.
 *
 * A message has one slot, however often it asks. The slot counts until the message's record has a decision, which then counts instead. A
 * slot whose claim never happened counts for a week: the unknown counts against sending.
 *
 * @throws Contended when too many messages ask at once; retry later.
 */
export function withOptimisticLock<Decision extends { verdict: string }>(
  table: Table,
  slotRequest: SlotRequest<Decision>,
): Promise<Decision> {
  return retryOnConflict('the marketing slots of an account', async () => {
    const stored = await readSlots(table, slotRequest.message);
    const decision = slotRequest.decide(await listRecent(table, slotRequest, stored));
    return decision.verdict !== 'allow' || (await reserveSlot(table, slotRequest, stored)) ? decision : CONFLICT;
  });
}

async function readSlots(table: Table, { tenant, account }: MessageReference): Promise<Slots> {
  const item = await readItem(table, marketingSlotsKey(tenant, account));
  return item === undefined ? { version: 0, slots: {} } : StoredSlots.parse(item);
}

async function listRecent(table: Table, { message, at }: SlotRequest<unknown>, { slots }: Slots): Promise<number[]> {
  const since = at - WEEK;
  const recent = new Map(Object.entries(slots));
  for (const other of await listMessagesOfAccountSince(table, message.tenant, message.account, since)) {
    const { sk } = keyOf(other);
    if (other.class === 'marketing' && COUNTED.has(other.state)) recent.set(sk, other.claimedAt);
    // The slot of a held message may belong to a claim in progress.
    else if (other.state !== 'held') recent.delete(sk);
  }
  recent.delete(keyOf(message).sk);
  return [...recent.values()].map((time) => Date.parse(time)).filter((time) => time >= since);
}

async function reserveSlot(table: Table, { message, at }: SlotRequest<unknown>, stored: Slots): Promise<boolean> {
  const fresh = Object.entries(stored.slots).filter(([, time]) => Date.parse(time) >= at - WEEK);
  const slots = { ...Object.fromEntries(fresh), [keyOf(message).sk]: isoTime(at) };
  const expiresAt = Math.ceil((at + 2 * WEEK) / 1_000);
  return putVersion(table, { ...marketingSlotsKey(message.tenant, message.account), slots, expiresAt }, stored.version);
}
