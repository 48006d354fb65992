import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { createDayDirectory } from '../../../src/ingest/day-directory.ts';
import { storedEvent } from '../../../src/ingest/event-records.ts';
import type { Table } from '../../../src/platform/table.ts';
import { eventId } from '../../../src/schemas/event/event-id.ts';
import { Notification } from '../../../src/schemas/event/notification.ts';
import type { RecordedEvent } from '../../../src/schemas/event/recorded-event.ts';
import { dayOf } from '../../../src/schemas/keys.ts';

/** Events of one account, at equal distances. */
export type History = { tenant: string; events: number; millisecondsApart: number };

export const SHARDS = 8;
export const ACCOUNT = 'account-1';
/** Not at midnight, where the middle page of a history of whole days would cover two days. */
const FIRST = Date.UTC(2020, 0, 1, 6);
const ITEMS_PER_WRITE = 25;
/** The limit of DynamoDB Local: 4 writers get two thirds of the speed, and 48 no more. */
const WRITERS = 16;
/** Must be a multiple of ITEMS_PER_WRITE. */
const PROGRESS_EVERY_EVENTS = 100_000;

/** `index` counts from 0, the earliest event. */
export function idOf(history: History, index: number): string {
  return eventOf(history, index).id;
}

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

/** Generated on demand: a million events at once would take a gigabyte. */
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
