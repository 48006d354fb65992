import { highestUlid, lowestUlid } from '../schemas/event-id.ts';

/** A page looks at no more than this, whatever its filters let through: then it answers what it has. */
export const MAX_EXAMINED = 1_000;
/** Nor does it open more partitions than this. */
export const MAX_BUCKETS = 64;

/** A list of records in the order of their ULIDs, and where in it to begin. */
export type Range = {
  /** Milliseconds since the epoch, included. */
  from?: number | undefined;
  /** Milliseconds since the epoch, not included. */
  to?: number | undefined;
  /** The ULID behind which the page begins. */
  after?: string | undefined;
  descending: boolean;
};

/** Both ends of a range as ULIDs; `low` and `high` are included unless `after` is one of them. */
export type IdRange = { low: string; high: string; after: string | undefined; descending: boolean };

/** One record on its way to a page. An expired one counts as examined, and is not shown. */
export type Entry<Value> = { id: string; value: Value; isExpired?: boolean };

/** Records in order. A walk that stops early returns the ULID behind which to go on. */
export type Walk<Value> = AsyncGenerator<Entry<Value>, string | undefined>;

/** A page, and the ULID behind which the next one begins, where there may be more. */
export type Page<Value> = { entries: Entry<Value>[]; position: string | undefined };

const LAST_MOMENT = 2 ** 48 - 1;

/** How many items a page has to ask for to be filled by them and to know whether more follow: where it goes on, the first is the last one's end. */
export function itemsOfPage({ limit, after }: { limit: number; after?: string | undefined }): number {
  return limit + (after === undefined ? 1 : 2);
}

/** The ULIDs of a range of times, from where the last page ended. */
export function idRange(range: Range): IdRange {
  const low = range.from === undefined ? lowestUlid(0) : lowestUlid(Math.max(range.from, 0));
  const high = range.to === undefined ? highestUlid(LAST_MOMENT) : highestUlid(Math.max(range.to - 1, 0));
  const { after, descending } = range;
  if (after === undefined) return { low, high, after: undefined, descending };
  const inside = after >= low && after <= high;
  return { low: !descending && inside ? after : low, high: descending && inside ? after : high, after, descending };
}

/**
 * Takes from a walk what the filter accepts, up to `limit`, and stops where the budget ends.
 *
 * @param accepts the filter; what it turns away still counts as examined.
 */
export async function takePage<Value>(walk: Walk<Value>, limit: number, accepts: (value: Value) => boolean): Promise<Page<Value>> {
  const entries: Entry<Value>[] = [];
  let position: string | undefined;
  for (let examined = 0; ; examined += 1) {
    const next = await walk.next();
    if (next.done) return { entries, position: next.value };
    if (entries.length === limit || examined === MAX_EXAMINED) return { entries, position };
    if (!next.value.isExpired && accepts(next.value.value)) entries.push(next.value);
    position = next.value.id;
  }
}

/** Merges walks that are each in order into one that is, reading ahead one entry of each. */
export async function* merge<Value>(walks: AsyncGenerator<Entry<Value>>[], descending: boolean): AsyncGenerator<Entry<Value>> {
  const heads = await Promise.all(walks.map(async (walk) => ({ walk, head: await walk.next() })));
  for (;;) {
    const open = heads.filter(({ head }) => !head.done);
    const [first, ...others] = open;
    if (!first) return;
    const nearest = others.reduce((best, other) => (isBefore(other.head.value.id, best.head.value.id, descending) ? other : best), first);
    yield nearest.head.value;
    nearest.head = await nearest.walk.next();
  }
}

function isBefore(id: string, other: string, descending: boolean): boolean {
  return descending ? id > other : id < other;
}
