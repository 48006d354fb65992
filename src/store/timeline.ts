import { MessageRecord } from '../schemas/message.ts';
import { OfferRecord } from '../schemas/offer-record.ts';
import type { RecordedEvent } from '../schemas/recorded-event.ts';
import { ReplyRecord } from '../schemas/reply.ts';
import { readStoredEvent } from './events.ts';
import { accountPartition } from './keys.ts';
import { type Entry, type IdRange, idRange, merge, type Page, type Range, takePage, type Walk } from './pages.ts';
import { RunRecord } from './runs.ts';
import { type Item, isExpired, type Table, walkRange } from './table.ts';

/** What stands in an account's timeline. */
export type TimelineRecord =
  | { kind: 'event'; event: RecordedEvent }
  | { kind: 'run'; eventId: string; run: RunRecord }
  | { kind: 'message'; message: MessageRecord }
  | { kind: 'offer'; offer: OfferRecord }
  | { kind: 'reply'; reply: ReplyRecord };

/** Runs, messages and offers begin with the id of their event, which makes one order of all: by event or reply, then event, runs, messages, offer. */
const KINDS = [
  { prefix: 'EVENT', order: '0', read: (item: Item): TimelineRecord => ({ kind: 'event', event: readStoredEvent(item) }) },
  {
    prefix: 'RUN',
    order: '1',
    read: (item: Item): TimelineRecord => ({ kind: 'run', eventId: eventIdOf(item), run: RunRecord.parse(item) }),
  },
  { prefix: 'MESSAGE', order: '2', read: (item: Item): TimelineRecord => ({ kind: 'message', message: MessageRecord.parse(item) }) },
  { prefix: 'REPLY', order: '3', read: (item: Item): TimelineRecord => ({ kind: 'reply', reply: ReplyRecord.parse(item) }) },
  { prefix: 'OFFER', order: '4', read: (item: Item): TimelineRecord => ({ kind: 'offer', offer: OfferRecord.parse(item) }) },
] as const;

type Kind = (typeof KINDS)[number];

/** A page of an account's timeline: its events with the runs, messages and offers they led to, and the subscriber's replies, by time of occurrence. */
export function listTimeline(
  table: Table,
  list: Range & { tenant: string; account: string; limit: number },
): Promise<Page<TimelineRecord>> {
  const { after, ...range } = list;
  const ids = idRange({ ...range, after: after?.slice(0, after.indexOf('#')) });
  const partition = accountPartition(list.tenant, list.account);
  return takePage(walkTimeline(table, partition, { ...ids, after }, list.limit + 1), list.limit, () => true);
}

async function* walkTimeline(table: Table, partition: string, range: IdRange, pageSize: number): Walk<TimelineRecord> {
  const walks = KINDS.map((kind) => walkKind(table, partition, kind, range, pageSize));
  yield* merge(walks, range.descending);
  return undefined;
}

async function* walkKind(
  table: Table,
  partition: string,
  kind: Kind,
  range: IdRange,
  pageSize: number,
): AsyncGenerator<Entry<TimelineRecord>> {
  const { descending, after } = range;
  const keys = { partition, from: `${kind.prefix}#${range.low}`, to: `${kind.prefix}#${range.high}#~`, descending };
  for await (const item of walkRange(table, keys, pageSize)) {
    const [, eventId, ...rest] = String(item.sk).split('#');
    const id = [eventId, kind.order, ...rest].join('#');
    const isBehind = after === undefined || (descending ? id < after : id > after);
    if (isBehind) yield { id, value: kind.read(item), isExpired: isExpired(table, item) };
  }
}

function eventIdOf(item: Item): string {
  return String(item.sk).split('#')[1] ?? '';
}
