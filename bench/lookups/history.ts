import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { eventId } from '../../src/schemas/event-id.ts';
import { Notification } from '../../src/schemas/notification.ts';
import type { RecordedEvent } from '../../src/schemas/recorded-event.ts';
import { openDayDirectory } from '../../src/store/days.ts';
import { storedEvent } from '../../src/store/events.ts';
import { dayOf } from '../../src/store/keys.ts';
import { putOnce, readItem, type Table } from '../../src/store/table.ts';

/** Events of one account of one tenant, the same distance apart from the first to the last. */
export type History = { tenant: string; events: number; millisecondsApart: number };

export const SHARDS = 8;
export const ACCOUNT = 'account-1';
/** Not at midnight: the middle of a history of whole days would be where two days meet, and its page one of two days. */
const FIRST = Date.UTC(2020, 0, 1, 6);
const ITEMS_PER_WRITE = 25;
const WRITES_AT_ONCE = 16;

/** The id of one of the events, counted from 0 and the earliest. */
export function idOf(history: History, index: number): string {
  return eventOf(history, index).id;
}

/** Writes a history, unless it was written before to the end. */
export async function seedHistory(table: Table, history: History, say: (line: string) => void): Promise<void> {
  const mark = { pk: `SEEDED#${history.tenant}`, sk: `${history.events}#${history.millisecondsApart}` };
  if (await readItem(table, mark)) return;
  say(`writing ${history.events} events of ${history.tenant} …`);
  const noteDay = openDayDirectory(table, SHARDS);
  const together = ITEMS_PER_WRITE * WRITES_AT_ONCE;
  for (let start = 0; start < history.events; start += together) {
    const events = Array.from({ length: Math.min(together, history.events - start) }, (_, index) => eventOf(history, start + index));
    for (const day of new Set(events.map(({ notification }) => dayOf(Date.parse(notification.occurredAt)))))
      await noteDay(history.tenant, 'EVENT', day);
    const writes = Array.from({ length: Math.ceil(events.length / ITEMS_PER_WRITE) }, (_, write) =>
      events.slice(write * ITEMS_PER_WRITE, (write + 1) * ITEMS_PER_WRITE),
    );
    await Promise.all(writes.map((write) => writeEvents(table, write)));
  }
  await putOnce(table, mark);
}

async function writeEvents(table: Table, events: RecordedEvent[]): Promise<void> {
  const RequestItems = { [table.name]: events.map((event) => ({ PutRequest: { Item: storedEvent(event, SHARDS) } })) };
  const { UnprocessedItems = {} } = await table.client.send(new BatchWriteCommand({ RequestItems }));
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('DynamoDB Local left items unwritten.');
}

function eventOf({ tenant, millisecondsApart }: History, index: number): RecordedEvent {
  const occurredAt = new Date(FIRST + index * millisecondsApart).toISOString();
  const counter = {
    type: 'CounterThreshold',
    name: 'AllowanceThresholdData',
    state: 'low',
    previousState: 'normal',
    threshold: 214_748_364,
  };
  const place = { tenant, account: ACCOUNT, device: '12025550182', session: `bench-${index}` };
  const notification = Notification.parse({ ...place, ...counter, fields: {}, occurredAt });
  const decision = { start: ['low-allowance' as const], configuration: 'bench' };
  return { id: eventId(notification), notification, receivedAt: occurredAt, decision, original: undefined };
}
