import { parseStoredEvent } from '../ingest/event-records.ts';
import { listMessages } from '../messaging/message-records.ts';
import { type Entry, type IdRange, idRange, itemsOfPage, merge, type Page, type Range, takePage, type Walk } from '../platform/pages.ts';
import { type Item, isExpired, type Table, walkRange } from '../platform/table.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import { accountPartition } from '../schemas/keys.ts';
import { MessageRecord } from '../schemas/message/message.ts';
import { ReplyRecord } from '../schemas/message/reply.ts';
import { OfferRecord } from '../schemas/offer/offer-record.ts';
import { RunRecord } from '../workflows/engine/run-records.ts';

export type TimelineRecord =
  | { kind: 'event'; event: RecordedEvent }
  | { kind: 'run'; eventId: string; run: RunRecord; messages: MessageRecord[] }
  | { kind: 'message'; message: MessageRecord }
  | { kind: 'offer'; offer: OfferRecord }
  | { kind: 'reply'; reply: ReplyRecord };

/** All sort keys start with an event's or reply's id, which gives one order for all: by id, then event, runs, messages, reply, offer. */
const KINDS = [
  { prefix: 'EVENT', order: '0', read: (item: Item): TimelineRecord => ({ kind: 'event', event: parseStoredEvent(item) }) },
  {
    prefix: 'RUN',
    order: '1',
    read: (item: Item): TimelineRecord => ({ kind: 'run', eventId: eventIdOf(item), run: RunRecord.parse(item), messages: [] }),
  },
  { prefix: 'MESSAGE', order: '2', read: (item: Item): TimelineRecord => ({ kind: 'message', message: MessageRecord.parse(item) }) },
  { prefix: 'REPLY', order: '3', read: (item: Item): TimelineRecord => ({ kind: 'reply', reply: ReplyRecord.parse(item) }) },
  { prefix: 'OFFER', order: '4', read: (item: Item): TimelineRecord => ({ kind: 'offer', offer: OfferRecord.parse(item) }) },
] as const;

type Kind = (typeof KINDS)[number];

export async function listTimeline(
  table: Table,
  list: Range & { tenant: string; account: string; limit: number },
): Promise<Page<TimelineRecord>> {
  const { after, ...range } = list;
  const ids = idRange({ ...range, after: after?.slice(0, after.indexOf('#')) });
  const partition = accountPartition(list.tenant, list.account);
  const page = await takePage(walkTimeline(table, partition, { ...ids, after }, itemsOfPage(list)), list.limit, () => true);
  return { ...page, entries: await withMessages(table, list, page) };
}

/** A run's messages are next to it on the page. Only at the page's two ends can some be on another page, so those are read. */
async function withMessages(
  table: Table,
  { tenant, account, after }: { tenant: string; account: string; after?: string | undefined },
  { entries, position }: Page<TimelineRecord>,
): Promise<Entry<TimelineRecord>[]> {
  const messages = entries.flatMap(({ value }) => (value.kind === 'message' ? [value.message] : []));
  const ends = [after === undefined ? undefined : entries.at(0), position === undefined ? undefined : entries.at(-1)];
  const cut = new Set(ends.flatMap((entry) => entry?.id.slice(0, entry.id.indexOf('#')) ?? []));
  const runsOfCut = new Set(entries.flatMap(({ value }) => (value.kind === 'run' && cut.has(value.eventId) ? [value.eventId] : [])));
  const read = await Promise.all([...runsOfCut].map((eventId) => listMessages(table, tenant, account, eventId)));
  const all = [...messages.filter(({ eventId }) => !runsOfCut.has(eventId)), ...read.flat()];
  return entries.map((entry) => {
    const { value } = entry;
    if (value.kind !== 'run') return entry;
    const own = all.filter(({ eventId, workflow }) => eventId === value.eventId && workflow === value.run.workflow);
    return { ...entry, value: { ...value, messages: own.toSorted((left, right) => (left.step < right.step ? -1 : 1)) } };
  });
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
