import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Item, type Key, putOnce, readItem, type Table, writeIf } from '../platform/table.ts';
import { ulidSpread, ulidTime } from '../platform/ulid.ts';
import { decisionInForce, type RecordedEvent, type Redecision } from '../schemas/event/recorded-event.ts';
import { StoredNotification } from '../schemas/event/stored-notification.ts';
import { dayOf, eventKey, timelinePartition } from '../schemas/keys.ts';
import { type Decision, NotStartedReason, WorkflowName } from '../schemas/run/workflow.ts';
import type { DayDirectory } from './day-directory.ts';

/** DynamoDB's limit is 409,600 bytes for an item. The rest is for attribute names and keys. */
export const MAX_EVENT_BYTES = 390_000;

/** A run on an older version may read what a newer one recorded. It ignores unknown workflows and reasons. */
const StoredDecision = z.object({
  start: z.array(z.string()).transform((names) => names.filter(isWorkflowName)),
  reason: NotStartedReason.optional().catch(undefined),
  configuration: z.string().optional(),
});

/**
 * `fields` and `threshold` are JSON text: DynamoDB's numbers and nesting are narrower than JSON's, and a valid event must always be
 * storable.
 */
const StoredEvent = z.object({
  pk: z.string(),
  sk: z.string(),
  timeline: z.string(),
  device: z.string().optional(),
  type: z.string(),
  name: z.string(),
  state: z.string(),
  previousState: z.string().optional(),
  threshold: z.string().optional(),
  session: z.string().optional(),
  fields: z.string().default('{}'),
  receivedAt: z.string(),
  decision: StoredDecision,
  redecision: StoredDecision.extend({ at: z.string(), replay: z.string() }).optional(),
  original: z.string().optional(),
  expiresAt: z.number().optional(),
});

export function fitsOneItem(event: RecordedEvent): boolean {
  return Buffer.byteLength(JSON.stringify(event)) <= MAX_EVENT_BYTES;
}

/**
 * Records an event. One conditional write is both deduplication and storage.
 *
 * @returns `already-done` with the event and the decision of the first delivery.
 */
export async function recordEvent(
  table: Table,
  recordDay: DayDirectory,
  shards: number,
  event: RecordedEvent,
): Promise<{ outcome: 'done' | 'already-done'; event: RecordedEvent }> {
  const item = storedEvent(event, shards);
  await recordDay(event.notification.tenant, 'EVENT', dayOf(ulidTime(event.id)), event.expiresAt);
  const result = await putOnce(table, item);
  return result.outcome === 'done' ? { outcome: 'done', event } : { outcome: 'already-done', event: parseStoredEvent(result.stored) };
}

/**
 * Adds a replay's decision next to the first one, at most once per event.
 *
 * @returns the decision in force: this one, or that of a faster replay.
 */
export async function redecideEvent(table: Table, event: RecordedEvent, redecision: Redecision): Promise<Decision> {
  const { tenant, account } = event.notification;
  const isFirst = await writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: eventKey(tenant, account, event.id),
      UpdateExpression: 'SET redecision = :redecision',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(redecision)',
      ExpressionAttributeValues: { ':redecision': redecision },
    }),
  );
  if (isFirst) return redecision;
  const stored = await findEvent(table, tenant, account, event.id);
  if (!stored) throw new Error('The event to decide again was not found.');
  return decisionInForce(stored);
}

export async function findEvent(table: Table, tenant: string, account: string, eventId: string): Promise<RecordedEvent | undefined> {
  const item = await readItem(table, eventKey(tenant, account, eventId));
  return item && parseStoredEvent(item);
}

/** Accepts items of the table and of the index. Does not apply the rules for input, which may have changed since the event was recorded. */
export function parseStoredEvent(item: Item): RecordedEvent {
  const stored = StoredEvent.parse(item);
  const id = stored.sk.slice('EVENT#'.length);
  const [, tenant, , account] = stored.pk.split('#');
  const notification = StoredNotification.parse({
    tenant,
    account,
    device: stored.device,
    type: stored.type,
    name: stored.name,
    state: stored.state,
    previousState: stored.previousState,
    threshold: stored.threshold === undefined ? undefined : JSON.parse(stored.threshold),
    session: stored.session,
    fields: JSON.parse(stored.fields),
    occurredAt: new Date(ulidTime(id)).toISOString(),
  });
  const { receivedAt, decision, redecision, original, expiresAt } = stored;
  const expiry = expiresAt === undefined ? {} : { expiresAt };
  return { id, notification, receivedAt, decision, original, ...(redecision ? { redecision } : {}), ...expiry };
}

export function storedEvent(event: RecordedEvent, shards: number): Item & Key {
  const { notification } = event;
  const day = dayOf(ulidTime(event.id));
  // Derived from the id, so that a repeat uses the same shard.
  const shard = ulidSpread(event.id) % shards;
  const fields = JSON.stringify(notification.fields);
  return {
    ...eventKey(notification.tenant, notification.account, event.id),
    timeline: timelinePartition(notification.tenant, day, shard),
    device: notification.device,
    type: notification.type,
    name: notification.name,
    state: notification.state,
    previousState: notification.previousState,
    threshold: notification.threshold === undefined ? undefined : JSON.stringify(notification.threshold),
    session: notification.session,
    fields: fields === '{}' ? undefined : fields,
    receivedAt: event.receivedAt,
    decision: event.decision,
    original: event.original,
    expiresAt: event.expiresAt,
  };
}

function isWorkflowName(name: string): name is WorkflowName {
  return WorkflowName.safeParse(name).success;
}
