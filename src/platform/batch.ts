import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/** Smaller records run in parallel, since each takes milliseconds at most. A larger one runs alone. */
const MAX_SHARED_BYTES = 8 * 1_024;
const MAX_RECORDS_AT_ONCE = 10;

const MIN_MILLISECONDS_TO_START = 5_000;
/** Reserved for the reply: without it the whole batch is delivered again. */
const REPLY_MILLISECONDS = 1_000;
/** Long enough for three attempts of a slow DynamoDB. A slower record must not use up its neighbours' time. */
const MAX_TURN_MILLISECONDS = 10_000;

/** Records this large, or received this often, are logged before their work starts, because a killed invocation logs nothing. */
const LARGE_BYTES = 64 * 1_024;
const MANY_RECEIVES = 5;

/** `receiveCount` is 1 where the source does not count. */
export type BatchRecord = { id: string; bytes: number; receiveCount: number };

/** Records in `failed` and `notStarted` are delivered again. */
export type Turn<Outcome> = { outcomes: Outcome[]; failed: { id: string; error: unknown }[]; notStarted: string[] };

/** The record's turn ended before its work. The work may still finish, so a repeat must be harmless. */
export class TookTooLong extends Error {
  override name = 'TookTooLong';
}

export type BatchWork<Item extends BatchRecord, Outcome> = {
  handle: (item: Item) => Promise<Outcome>;
  /** Called after each turn, so that a killed invocation leaves a log of the earlier turns. */
  report: (turn: Turn<Outcome>) => void;
  logger: Logger;
};

/**
 * Handles the records of a batch, smallest first, so that one that kills the invocation takes no neighbour with it. Each fails alone, and
 * none starts without enough time left.
 *
 * @returns the ids of the records to deliver again.
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
  // Prevents an unhandled rejection when no record was started.
  over.catch(() => undefined);
  const timer = setTimeout(() => reject(new TookTooLong('A record was still at work when its turn was over.')), milliseconds);
  return { over, clear: () => clearTimeout(timer) };
}
