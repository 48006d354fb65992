import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { MessageReference, MessageState } from '../schemas/message.ts';
import { isoTime } from '../schemas/time.ts';
import { Contended } from './contended.ts';
import { marketingSlotsKey } from './keys.ts';
import { keyOf, listMessagesOfAccountSince } from './messages.ts';
import { readItem, type Table } from './table.ts';

const WEEK_MILLISECONDS = 7 * 24 * 3_600_000;
/** As many may be claimed within the same moments before one has to come again later. */
const MAX_ATTEMPTS = 20;
/** Marketing that went, or may have gone. */
const COUNTED: ReadonlySet<MessageState> = new Set(['claimed', 'accepted', 'delivered', 'unknown']);

/** Who took a place under an account's caps recently: when (RFC 3339), by the message's sort key. */
const StoredSlots = z.object({ version: z.int(), slots: z.record(z.string(), z.string()) });
type Slots = z.infer<typeof StoredSlots>;

/** A message that asks, when it asks (milliseconds since the epoch), and how to decide by the times at which the account's other marketing went. */
export type SlotRequest<Decision> = { message: MessageReference; at: number; decide: (recentMarketing: number[]) => Decision };

/**
 * Decides whether marketing may go, one message of an account after the other: what may go takes a place before it is claimed, by a
 * write that fails when another message took one since the decision. So no two claims pass the same cap, however close they come.
 *
 * A place belongs to its message: asked again, the message takes no second one. It counts while the message is not decided on record, or
 * for what came of it then; where the claim never came about, for a week. What is unknown counts against sending.
 *
 * @throws when so many messages ask at once that this one had no turn; it may ask again.
 */
export async function withOptimisticLock<Decision extends { verdict: string }>(
  table: Table,
  slotRequest: SlotRequest<Decision>,
): Promise<Decision> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const stored = await readSlots(table, slotRequest.message);
    const decision = slotRequest.decide(await listRecent(table, slotRequest, stored));
    if (decision.verdict !== 'allow' || (await reserveSlot(table, slotRequest, stored))) return decision;
  }
  throw new Contended('Too many concurrent claims for one account. It is retried.');
}

async function readSlots(table: Table, { tenant, account }: MessageReference): Promise<Slots> {
  const item = await readItem(table, marketingSlotsKey(tenant, account));
  return item === undefined ? { version: 0, slots: {} } : StoredSlots.parse(item);
}

async function listRecent(table: Table, { message, at }: SlotRequest<unknown>, { slots }: Slots): Promise<number[]> {
  const since = at - WEEK_MILLISECONDS;
  const recent = new Map(Object.entries(slots));
  for (const other of await listMessagesOfAccountSince(table, message.tenant, message.account, since)) {
    const { sk } = keyOf(other);
    if (other.class === 'marketing' && COUNTED.has(other.state)) recent.set(sk, other.claimedAt);
    // A place of a message that is still held is that of a claim under way.
    else if (other.state !== 'held') recent.delete(sk);
  }
  recent.delete(keyOf(message).sk);
  return [...recent.values()].map((time) => Date.parse(time)).filter((time) => time >= since);
}

async function reserveSlot(table: Table, { message, at }: SlotRequest<unknown>, stored: Slots): Promise<boolean> {
  const fresh = Object.entries(stored.slots).filter(([, time]) => Date.parse(time) >= at - WEEK_MILLISECONDS);
  const slots = { ...Object.fromEntries(fresh), [keyOf(message).sk]: isoTime(at) };
  const item = { version: stored.version + 1, slots, expiresAt: Math.ceil((at + 2 * WEEK_MILLISECONDS) / 1_000) };
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...marketingSlotsKey(message.tenant, message.account), ...item },
        ConditionExpression: stored.version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
        ...(stored.version === 0 ? {} : { ExpressionAttributeValues: { ':version': stored.version } }),
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}
