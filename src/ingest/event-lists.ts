import { DAY } from '../platform/duration.ts';
import {
  type Entry,
  type IdRange,
  idRange,
  itemsOfPage,
  MAX_BUCKETS,
  merge,
  type Page,
  type Range,
  takePage,
  type Walk,
} from '../platform/pages.ts';
import { isExpired, type KeyRange, type Table, walkRange } from '../platform/table.ts';
import { highestUlid, lowestUlid, ulidTime } from '../platform/ulid.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import { accountPartition, type DayList, dayOf, timelinePartition } from '../schemas/keys.ts';
import { type Day, listDays } from './day-directory.ts';
import { parseStoredEvent } from './event-records.ts';

const LAST_REPRESENTABLE_DAY = Date.UTC(9999, 11, 31);

export type EventList = Range & { tenant: string; limit: number; accepts: (event: RecordedEvent) => boolean };

export function listAccountEvents(table: Table, list: EventList & { account: string }): Promise<Page<RecordedEvent>> {
  const partition = accountPartition(list.tenant, list.account);
  return takePage(walkAccount(table, partition, idRange(list), itemsOfPage(list)), list.limit, list.accepts);
}

/** A list that is read for its first event. */
export const FIRST = { descending: false, limit: 1 };

/** With MAX_EXAMINED events a page, 100,000 of one account: more than any has in the windows that are searched. */
const MAX_PAGES = 100;

/**
 * Reads as many pages as it takes, up to 100.
 *
 * @returns `isComplete: false` when the bound was reached, so a later event may match.
 */
export async function findFirstEvent(
  readPage: (after: string | undefined) => Promise<Page<RecordedEvent>>,
): Promise<{ first: Entry<RecordedEvent> | undefined; isComplete: boolean }> {
  let after: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const { entries, position } = await readPage(after);
    const [first] = entries;
    if (first || position === undefined) return { first, isComplete: true };
    after = position;
  }
  return { first: undefined, isComplete: false };
}

export function listTenantEvents(table: Table, list: EventList): Promise<Page<RecordedEvent>> {
  const openDay = (day: Day, range: IdRange) => {
    const pageSize = Math.ceil(itemsOfPage(list) / day.shards) + 1;
    const shards = Array.from({ length: day.shards }, (_, shard) =>
      readEvents(
        table,
        { partition: timelinePartition(list.tenant, day.day, shard), index: 'timeline', ...eventBounds(range) },
        range,
        pageSize,
      ),
    );
    return merge(shards, range.descending);
  };
  return takePage(walkDays(table, list.tenant, 'EVENT', idRange(list), openDay), list.limit, list.accepts);
}

/**
 * Walks the days that have records, at most as many partitions as one page may open.
 *
 * @param openDay yields the entries of one day in order.
 */
export async function* walkDays<Value>(
  table: Table,
  tenant: string,
  list: DayList,
  range: IdRange,
  openDay: (day: Day, range: IdRange) => AsyncGenerator<Entry<Value>>,
): Walk<Value> {
  const { descending } = range;
  const bounds = { from: dayOf(ulidTime(range.low)), to: dayOf(Math.min(ulidTime(range.high), LAST_REPRESENTABLE_DAY)) };
  const { days, more } = await listDays(table, { tenant, list, ...bounds, descending }, MAX_BUCKETS);
  let buckets = 0;
  for (const [index, day] of days.entries()) {
    yield* openDay(day, range);
    buckets += day.shards;
    const isLast = index === days.length - 1 && !more;
    const next = days[index + 1];
    if (!isLast && (!next || buckets + next.shards > MAX_BUCKETS)) return edgeOf(day.day, descending);
  }
  return undefined;
}

/** The ULID just beyond a day in reading order, so that the next page does not open the day again. */
function edgeOf(day: string, descending: boolean): string {
  const start = Date.parse(day);
  return descending ? highestUlid(start - 1) : lowestUlid(start + DAY);
}

async function* walkAccount(table: Table, partition: string, range: IdRange, pageSize: number): Walk<RecordedEvent> {
  yield* readEvents(table, { partition, ...eventBounds(range) }, range, pageSize);
  return undefined;
}

async function* readEvents(table: Table, keys: KeyRange, range: IdRange, pageSize: number): AsyncGenerator<Entry<RecordedEvent>> {
  for await (const item of walkRange(table, keys, pageSize)) {
    const event = parseStoredEvent(item);
    if (event.id !== range.after) yield { id: event.id, value: event, isExpired: isExpired(table, item) };
  }
}

function eventBounds(range: IdRange): { from: string; to: string; descending: boolean } {
  return { from: `EVENT#${range.low}`, to: `EVENT#${range.high}`, descending: range.descending };
}
