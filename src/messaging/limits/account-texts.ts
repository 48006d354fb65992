import { DAY, HOUR, MINUTE } from '../../platform/duration.ts';
import { CONFLICT, Contended, retryOnConflict } from '../../platform/retry-on-conflict.ts';
import { type Table, walkRange } from '../../platform/table.ts';
import { lowestUlid } from '../../platform/ulid.ts';
import { accountPartition } from '../../schemas/keys.ts';
import { MessageRecord, type MessageReference, type MessageState } from '../../schemas/message/message.ts';
import { keyOf } from '../message-records.ts';
import { hasRoom, type TextLimit } from './text-windows.ts';

const COUNTED: ReadonlySet<MessageState> = new Set(['claimed', 'accepted', 'delivered', 'unknown']);
const PAGE_SIZE = 50;
/** With more recent messages than this plus its limit, an account gets no more texts, and no more are read. */
const MAX_OTHERS = 200;
/** Other claims that stay undecided for this long belong to stopped runs and keep their slots, so this one gives up. */
const MAX_WAIT_MILLISECONDS = 5 * MINUTE;

/** `at` in milliseconds since the epoch; `staleAfterHours` bounds the age of the events whose messages are read. */
export type AccountLimitRequest = { message: MessageReference; at: number; limit: TextLimit; staleAfterHours: number };
type Claim = { at: number; sk: string };
type Text = Claim & { mayGiveUp: boolean };

/** A first check. Two concurrent requests may both pass; `keepsWithinLimit` decides. */
export async function mayGetText(table: Table, request: AccountLimitRequest): Promise<boolean> {
  const others = await listOtherTexts(table, request);
  return others !== undefined && hasRoom(timesOf(others), request.at, request.limit);
}

/**
 * Whether a claimed text is within its account's limit. The claim itself is the slot, under the message's key, so the limit costs no write.
 * Each text is claimed before it reads the others, and keeps its claim only when all of them fit.
 *
 * A text sees every claim made before its own, so no more texts than the limit keep theirs. A text that certainly exceeds the limit gives
 * up at once. The others read again until those ahead have decided.
 *
 * @throws Contended when others have not decided yet; retry later.
 */
export async function keepsWithinLimit(table: Table, request: AccountLimitRequest, claimedAt: string): Promise<boolean> {
  const own = { at: Date.parse(claimedAt), sk: keyOf(request.message).sk };
  const isCertain = (other: Text) => !other.mayGiveUp || isBefore(other, own);
  try {
    return await retryOnConflict('the texts of an account', async () => {
      const others = await listOtherTexts(table, request);
      if (others === undefined) return false;
      if (hasRoom(timesOf(others), request.at, request.limit)) return true;
      return hasRoom(timesOf(others.filter(isCertain)), request.at, request.limit) ? CONFLICT : false;
    });
  } catch (error) {
    if (!(error instanceof Contended) || request.at - own.at <= MAX_WAIT_MILLISECONDS) throw error;
    return false;
  }
}

async function listOtherTexts(table: Table, { message, at, limit, staleAfterHours }: AccountLimitRequest): Promise<Text[] | undefined> {
  // Keys sort by event, and an event is at most `staleAfterHours` old. A reminder of an older episode is missed here but checks the limit
  // itself.
  const since = Math.max(0, at - DAY - staleAfterHours * HOUR);
  const range = { partition: accountPartition(message.tenant, message.account), from: `MESSAGE#${lowestUlid(since)}`, to: 'MESSAGE#~' };
  const own = keyOf(message).sk;
  const texts: Text[] = [];
  let read = 0;
  for await (const item of walkRange(table, { ...range, descending: false }, PAGE_SIZE)) {
    read += 1;
    if (read > MAX_OTHERS + limit.perDay) return undefined;
    const other = MessageRecord.parse(item);
    const sk = keyOf(other).sk;
    const counts = other.channel === 'sms' && other.class !== 'regulatory' && COUNTED.has(other.state);
    if (!counts || sk === own || at - Date.parse(other.claimedAt) >= DAY) continue;
    texts.push({ at: Date.parse(other.claimedAt), sk, mayGiveUp: other.state === 'claimed' });
  }
  return texts;
}

function isBefore(other: Claim, own: Claim): boolean {
  return other.at === own.at ? other.sk < own.sk : other.at < own.at;
}

function timesOf(texts: Text[]): number[] {
  return texts.map(({ at }) => at);
}
