import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/** Records up to this size share a turn: whatever is in them, the work is milliseconds. A larger one has a turn of its own. */
const MAX_SHARED_BYTES = 8 * 1_024;
const MAX_RECORDS_AT_ONCE = 10;

/** With less than this left no record is started. */
const MIN_MILLISECONDS_TO_START = 5_000;
/** The time kept for the reply, without which the whole batch would come again. */
const REPLY_MILLISECONDS = 1_000;
/** Three tries of a slow DynamoDB fit; a record that takes longer must not take its neighbours' time. */
const MAX_TURN_MILLISECONDS = 10_000;

/** What is larger, or was received this often, is named in the log before its work starts: an invocation that is killed logs nothing. */
const LARGE_BYTES = 64 * 1_024;
const MANY_RECEIVES = 5;

/** A record of a batch; `receiveCount` is 1 where nobody counts. */
export type BatchRecord = { id: string; bytes: number; receiveCount: number };

/** How a turn went. Who is in `notStarted` comes again, as does who failed. */
export type Turn<Outcome> = { outcomes: Outcome[]; failed: { id: string; error: unknown }[]; notStarted: string[] };

/** A record that was still at work when its turn was over. Its work may end all the same, and coming again must be harmless. */
export class TookTooLong extends Error {
  override name = 'TookTooLong';
}

export type BatchWork<Item extends BatchRecord, Outcome> = {
  handle: (item: Item) => Promise<Outcome>;
  /** Told after each turn, so that an invocation that is killed later leaves a trace of what was done before. */
  report: (turn: Turn<Outcome>) => void;
  logger: Logger;
};

/**
 * Handles the records of a batch, the smallest first, so that one whose work ends the invocation takes no neighbour with it. Each fails
 * alone, and none is started without the time to end.
 *
 * @returns the ids of those that must come again.
 */
export async function handleBatch<Item extends BatchRecord, Outcome>(
  items: Item[],
  { handle, report, logger }: BatchWork<Item, Outcome>,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<string[]> {
  const comesAgain: string[] = [];
  for (const turn of turnsOf(items)) {
    const done: Turn<Outcome> = { outcomes: [], failed: [], notStarted: [] };
    const limit = startTimer(Math.min(MAX_TURN_MILLISECONDS, context.getRemainingTimeInMillis() - REPLY_MILLISECONDS));
    const start = async (item: Item) => {
      if (context.getRemainingTimeInMillis() < MIN_MILLISECONDS_TO_START) return void done.notStarted.push(item.id);
      if (item.bytes > LARGE_BYTES || item.receiveCount >= MANY_RECEIVES) announce(logger, item);
      try {
        done.outcomes.push(await Promise.race([handle(item), limit.over]));
      } catch (error) {
        done.failed.push({ id: item.id, error });
      }
    };
    await Promise.all(turn.map(start));
    limit.clear();
    report(done);
    comesAgain.push(...done.failed.map(({ id }) => id), ...done.notStarted);
  }
  return comesAgain;
}

function turnsOf<Item extends BatchRecord>(items: Item[]): Item[][] {
  const turns: Item[][] = [];
  for (const item of items.toSorted((left, right) => left.bytes - right.bytes)) {
    const last = turns.at(-1);
    if (last && last.length < MAX_RECORDS_AT_ONCE && item.bytes <= MAX_SHARED_BYTES) last.push(item);
    else turns.push([item]);
  }
  return turns;
}

function announce(logger: Logger, { id, bytes, receiveCount }: BatchRecord): void {
  logger.warn('a record that is large or came again often is started', { messageId: id, bytes, receiveCount });
}

function startTimer(milliseconds: number): { over: Promise<never>; clear: () => void } {
  const { promise: over, reject } = Promise.withResolvers<never>();
  // Where nothing is started nobody listens.
  over.catch(() => undefined);
  const timer = setTimeout(() => reject(new TookTooLong('A record was still at work when its turn was over.')), milliseconds);
  return { over, clear: () => clearTimeout(timer) };
}
