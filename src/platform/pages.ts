import { highestUlid, lowestUlid } from './ulid.ts';

/** The work of one page is bounded, however few records its filters accept. */
export const MAX_EXAMINED = 1_000;
export const MAX_BUCKETS = 64;

export type Range = {
  /** Milliseconds since the epoch, inclusive. */
  from?: number | undefined;
  /** Milliseconds since the epoch, exclusive. */
  to?: number | undefined;
  /** The ULID after which the page starts. */
  after?: string | undefined;
  descending: boolean;
};

/** Both ends are inclusive, unless `after` is one of them. */
export type IdRange = { low: string; high: string; after: string | undefined; descending: boolean };

/** An expired entry counts as examined but is not returned. */
export type Entry<Value> = { id: string; value: Value; isExpired?: boolean };

/** A walk that stops early returns the ULID after which to continue. */
export type Walk<Value> = AsyncGenerator<Entry<Value>, string | undefined>;

/** The next page starts after `position`; undefined when there is no more. */
export type Page<Value> = { entries: Entry<Value>[]; position: string | undefined };

const LAST_MOMENT = 2 ** 48 - 1;

/** One item more than the page, to know whether more follow. With `after`, one more again, because the range includes that item. */
export function itemsOfPage({ limit, after }: { limit: number; after?: string | undefined }): number {
  return limit + (after === undefined ? 1 : 2);
}

export function idRange(range: Range): IdRange {
  const low = range.from === undefined ? lowestUlid(0) : lowestUlid(Math.max(range.from, 0));
  const high = range.to === undefined ? highestUlid(LAST_MOMENT) : highestUlid(Math.max(range.to - 1, 0));
  const { after, descending } = range;
  if (after === undefined) return { low, high, after: undefined, descending };
  const inside = after >= low && after <= high;
  return { low: !descending && inside ? after : low, high: descending && inside ? after : high, after, descending };
}

/** @param accepts the filter; rejected values still count as examined. */
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

/** Each walk must be in order. Reads one entry of each ahead. */
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
