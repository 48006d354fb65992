import { setTimeout as pause } from 'node:timers/promises';
import { DAY_MILLISECONDS, hasRoom, type TextLimit } from '../../rules/text-limits.ts';
import { lowestUlid } from '../../schemas/event-id.ts';
import { MessageRecord, type MessageReference, type MessageState } from '../../schemas/message.ts';
import { Contended } from '../contended.ts';
import { accountPartition } from '../keys.ts';
import { keyOf } from '../messages.ts';
import { type Table, walkRange } from '../table.ts';

/** Texts that went, may have gone or are about to. */
const COUNTED: ReadonlySet<MessageState> = new Set(['claimed', 'accepted', 'delivered', 'unknown']);
const PAGE_SIZE = 50;
/** Of an account that has more messages in its last days than this and its limit together, no more are read: it has had enough. */
const MAX_OTHERS = 200;
const MAX_LOOKS = 8;
const MAX_PAUSE_MILLISECONDS = 100;
/** A claim that is not decided on for so long belongs to a run that was stopped, and keeps its place. */
const MAX_WAIT_MILLISECONDS = 5 * 60_000;

/** Which account, when (milliseconds since the epoch), what it may get, and how old an event may be whose message is counted. */
export type AccountLimitRequest = { message: MessageReference; at: number; limit: TextLimit; staleAfterHours: number };
type Claim = { at: number; sk: string };
type Text = Claim & { mayGiveUp: boolean };

/** Whether an account may get one text more, as its records stand. Two that ask at once may both hear yes: `keepsWithinLimit` decides. */
export async function mayGetText(table: Table, request: AccountLimitRequest): Promise<boolean> {
  const others = await listOtherTexts(table, request);
  return others !== undefined && hasRoom(timesOf(others), request.at, request.limit);
}

/**
 * Whether a claimed text is within its account's limit. The claim itself is the slot, under the message's own key, so the account's limit
 * costs no write: each text is claimed before it looks at the others, and keeps its claim only where it sees room beside all of them.
 * Of texts that are claimed together each sees those that were claimed before it, so no more than the limit can keep theirs. Those over
 * it, in their order, give their claims up at once, and so does one that was written late and finds the room taken; the others look
 * again until they have.
 *
 * @throws Contended when others have not decided yet; it may ask again.
 */
export async function keepsWithinLimit(table: Table, request: AccountLimitRequest, claimedAt: string): Promise<boolean> {
  const own = { at: Date.parse(claimedAt), sk: keyOf(request.message).sk };
  const isCertain = (other: Text) => !other.mayGiveUp || isBefore(other, own);
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const others = await listOtherTexts(table, request);
    if (others === undefined) return false;
    if (hasRoom(timesOf(others), request.at, request.limit)) return true;
    if (!hasRoom(timesOf(others.filter(isCertain)), request.at, request.limit)) return false;
    await pause(Math.random() * MAX_PAUSE_MILLISECONDS * (look + 1));
  }
  if (request.at - own.at > MAX_WAIT_MILLISECONDS) return false;
  throw new Contended('Other texts about one account are being decided on.');
}

/** The account's other texts of the last day, or undefined where there are too many messages to read. */
async function listOtherTexts(table: Table, { message, at, limit, staleAfterHours }: AccountLimitRequest): Promise<Text[] | undefined> {
  // Messages stand by their events, which are no older than the tenant's news; a reminder of an older episode counts when it goes itself.
  const since = Math.max(0, at - DAY_MILLISECONDS - staleAfterHours * 3_600_000);
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
    if (!counts || sk === own || at - Date.parse(other.claimedAt) >= DAY_MILLISECONDS) continue;
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
