import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { eventId } from '../../src/schemas/event-id.ts';
import { Notification } from '../../src/schemas/notification.ts';
import type { RecordedEvent } from '../../src/schemas/recorded-event.ts';
import { createDayDirectory } from '../../src/store/days.ts';
import { storedEvent } from '../../src/store/events.ts';
import { dayOf } from '../../src/store/keys.ts';
import type { Table } from '../../src/store/table.ts';

/** Events of one account of one tenant, the same distance apart from the first to the last. */
export type History = { tenant: string; events: number; millisecondsApart: number };

export const SHARDS = 8;
export const ACCOUNT = 'account-1';
/** Not at midnight: the middle of a history of whole days would be where two days meet, and its page one of two days. */
const FIRST = Date.UTC(2020, 0, 1, 6);
const ITEMS_PER_WRITE = 25;
/** DynamoDB Local takes no more at once: 4 writers get two thirds of this, and 48 no more. */
const WRITERS = 16;
/** A multiple of what one write takes. */
const PROGRESS_EVERY_EVENTS = 100_000;

/** The id of one of the events, counted from 0 and the earliest. */
export function idOf(history: History, index: number): string {
  return eventOf(history, index).id;
}

/** Writes a history, and says now and then how far it is. */
export async function seedHistory(table: Table, history: History, log: (line: string) => void): Promise<void> {
  const recordDay = createDayDirectory(table, SHARDS);
  const batches = batchesOf(history);
  const started = performance.now();
  let written = 0;
  const writeOn = async () => {
    for (const events of batches) {
      for (const day of new Set(events.map(({ notification }) => dayOf(Date.parse(notification.occurredAt)))))
        await recordDay(history.tenant, 'EVENT', day);
      await writeEvents(table, events);
      written += events.length;
      if (written % PROGRESS_EVERY_EVENTS === 0)
        log(`${written} of ${history.events} events after ${Math.round((performance.now() - started) / 1_000)} s`);
    }
  };
  log(`writing ${history.events} events of ${history.tenant} …`);
  await Promise.all(Array.from({ length: WRITERS }, writeOn));
}

/** Made as they are asked for: a million events at once would be a gigabyte. */
function* batchesOf(history: History): Generator<RecordedEvent[]> {
  for (let start = 0; start < history.events; start += ITEMS_PER_WRITE) {
    yield Array.from({ length: Math.min(ITEMS_PER_WRITE, history.events - start) }, (_, index) => eventOf(history, start + index));
  }
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
