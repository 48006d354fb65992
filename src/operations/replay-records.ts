import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { listTenantEvents } from '../ingest/event-lists.ts';
import type { Page } from '../platform/pages.ts';
import { stored } from '../platform/stored.ts';
import { type Item, putOnce, readItem, type Table, writeIf } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import { replayKey } from '../schemas/keys.ts';
import { Replay, ReplayPosition, type ReplayStart, ReplayState, ReplayTally } from '../schemas/operations/replay.ts';

const { id: _id, byType: _byType, done: _done, total: _of, started: _started, skipped: _skipped, ...asked } = Replay.shape;

/** `last` is the last page that was counted; a new execution starts there. */
const ReplayRecord = z.object({
  sk: z.string(),
  ...asked,
  state: ReplayState,
  tally: ReplayTally,
  last: ReplayPosition.optional(),
  next: ReplayPosition,
  parts: z.int(),
  movedAt: z.string().optional(),
});
export type ReplayRecord = z.infer<typeof ReplayRecord>;
const StoredReplay = stored(ReplayRecord);

const NOTHING_YET: ReplayTally = { byType: {}, counted: 0, done: 0, started: {}, skipped: {} };
const FIRST: ReplayPosition = { pass: 'count', page: 1, after: null };

export type NewReplay = Pick<Replay, 'id' | 'tenant' | 'from' | 'to' | 'types' | 'workflows' | 'dryRun' | 'createdAt'>;

/** `already-done` returns the stored replay with this id. */
export async function createReplay(
  table: Table,
  { id, ...replay }: NewReplay,
): Promise<{ outcome: 'done' | 'already-done'; replay: ReplayRecord }> {
  const record = { ...replay, state: 'counting' as const, tally: NOTHING_YET, next: FIRST, parts: 1 };
  const result = await putOnce(table, { ...replayKey(replay.tenant, id), ...record });
  return { outcome: result.outcome, replay: result.outcome === 'done' ? { sk: id, ...record } : parseRecord(result.stored) };
}

export async function findReplay(table: Table, tenant: string, id: string): Promise<ReplayRecord | undefined> {
  const item = await readItem(table, replayKey(tenant, id));
  return item && parseRecord(item);
}

export function replayReply({ sk, tally, last: _last, next, parts: _parts, movedAt: _movedAt, ...asked }: ReplayRecord): Replay {
  const { counted, ...shown } = tally;
  return { id: sk, ...asked, ...shown, total: next.pass === 'count' ? null : counted };
}

export function readReplayPage(
  table: Table,
  { tenant, from, to, types }: ReplayRecord,
  { after, limit }: Pick<ReplayPosition, 'after'> & { limit: number },
): Promise<Page<RecordedEvent>> {
  return listTenantEvents(table, {
    tenant,
    from: Date.parse(from),
    to: Date.parse(to),
    after: after ?? undefined,
    descending: false,
    limit,
    accepts: ({ notification }) => types?.includes(notification.type) ?? true,
  });
}

/**
 * Records a finished page. A page counts once, however often it is retried.
 *
 * @param page `counted`: the tally including this page; `at`: milliseconds since the epoch.
 * @returns the position where the replay continues.
 */
export async function recordPage(
  table: Table,
  start: Pick<ReplayStart, 'tenant' | 'replay'>,
  page: { here: ReplayPosition; next: ReplayPosition; counted: ReplayTally; at: number },
): Promise<ReplayPosition> {
  const done = await change(table, start, {
    UpdateExpression: 'SET tally = :tally, #last = :here, #next = :next, #state = :state, movedAt = :at',
    ConditionExpression: '#next.#pass = :pass AND #next.#page = :page',
    ExpressionAttributeNames: { '#last': 'last', '#next': 'next', '#state': 'state', '#pass': 'pass', '#page': 'page' },
    ExpressionAttributeValues: {
      ':pass': page.here.pass,
      ':page': page.here.page,
      ':tally': page.counted,
      ':here': page.here,
      ':next': page.next,
      ':at': isoTime(page.at),
      ':state': page.next.pass === 'count' ? 'counting' : 'working',
    },
  });
  if (done) return page.next;
  const stored = await findReplay(table, start.tenant, start.replay);
  if (!stored) throw new Error(`Replay ${start.replay} not found.`);
  return stored.next;
}

/** To `done`, once every page is finished. */
export async function finishReplay(table: Table, start: Pick<ReplayStart, 'tenant' | 'replay'>, at: number): Promise<void> {
  await change(table, start, {
    UpdateExpression: 'SET #state = :done, finishedAt = :at',
    ConditionExpression: '#state <> :done AND #next.#pass = :over',
    ExpressionAttributeNames: { '#state': 'state', '#next': 'next', '#pass': 'pass' },
    ExpressionAttributeValues: { ':done': 'done', ':at': isoTime(at), ':over': 'over' },
  });
}

/** Reserves the number of the next execution. Undefined when the replay is done or does not exist. */
export async function nextPart(table: Table, start: Pick<ReplayStart, 'tenant' | 'replay'>): Promise<number | undefined> {
  await change(table, start, {
    UpdateExpression: 'SET parts = parts + :one',
    ConditionExpression: 'attribute_exists(pk) AND #state <> :done',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':one': 1, ':done': 'done' },
  });
  const stored = await findReplay(table, start.tenant, start.replay);
  return stored?.state === 'done' ? undefined : stored?.parts;
}

type Change = {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Record<string, unknown>;
};

async function change(table: Table, { tenant, replay }: Pick<ReplayStart, 'tenant' | 'replay'>, update: Change): Promise<boolean> {
  return writeIf(table, new UpdateCommand({ TableName: table.name, Key: replayKey(tenant, replay), ...update }));
}

function parseRecord(item: Item): ReplayRecord {
  return StoredReplay.parse(item);
}
