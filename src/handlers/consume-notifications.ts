import { chooseWorkflows } from '../rules/choose-workflows.ts';
import { STARTS_AGAIN_FOR_MILLISECONDS } from '../rules/plan-replay.ts';
import { type QueueMessage, queueHandler, type RecordOutcome } from '../runtime/queue.ts';
import { settings } from '../runtime/settings.ts';
import { detailAsSent } from '../schemas/detail-as-sent.ts';
import { NO_TENANT } from '../schemas/no-tenant.ts';
import { type Envelope, type InvalidEvent, readEnvelope, readEvent, type ValidEvent } from '../schemas/received-event.ts';
import { decidedAt, decisionInForce, type RecordedEvent } from '../schemas/recorded-event.ts';
import { REDRIVE_ATTRIBUTE, type RedriveReference, readRedriveReference } from '../schemas/redrive-reference.ts';
import { type Configurations, openConfigurations } from '../store/configurations.ts';
import { type DayDirectory, openDayDirectory } from '../store/days.ts';
import { fitsOneItem, MOST_EVENT_BYTES, recordEvent } from '../store/events.ts';
import { openExecutions, type StartExecution } from '../store/executions.ts';
import { type Quarantine, quarantineEvent } from '../store/quarantine.ts';
import { resolveQuarantined, returnToQuarantine } from '../store/quarantine-changes.ts';
import { expiryAfter, openTable, type Table } from '../store/table.ts';

/** What the consumer works with; `now` is in milliseconds since the epoch. */
export type ConsumeDependencies = {
  table: Table;
  shards: number;
  noteDay: DayDirectory;
  configurations: Configurations;
  startExecution: StartExecution;
  now: () => number;
};

/**
 * Takes notifications from the queue. Each ends as one of: recorded, a repeat of one recorded, or quarantined with its faults.
 * What was decided stands in the record, so that a repeat starts exactly what the first delivery decided, and a crash between the
 * record and the start loses nothing. One that was redriven from quarantine goes the same way, and its row there says how it ended.
 */
export function createHandler(deps: ConsumeDependencies) {
  return queueHandler('consume-notifications', async (message) => {
    const received = readEvent(message.body);
    if (!received.valid) return putAside(deps, message, received);

    const event = await decide(deps, received);
    if (!fitsOneItem(event)) return putAsideAsTooLarge(deps, message, received);

    const { outcome, event: recorded } = await recordEvent(deps.table, deps.noteDay, deps.shards, event);
    await start(deps, recorded);
    const redrive = redriveOf(message);
    if (redrive) await resolve(deps, redrive, recorded);
    return {
      tenant: recorded.notification.tenant,
      type: recorded.notification.type,
      outcome: outcome === 'done' ? 'recorded' : 'repeated',
    };
  });
}

async function decide({ configurations, now }: ConsumeDependencies, { id, notification, original }: ValidEvent): Promise<RecordedEvent> {
  const published = await configurations.current(notification.tenant);
  const receivedAt = now();
  const decision = chooseWorkflows(notification, published, receivedAt);
  const expiresAt = expiryAfter(receivedAt, published?.configuration.retention.eventsDays);
  return { id, notification, receivedAt: new Date(receivedAt).toISOString(), decision, original, expiresAt };
}

/** What a replay decided later is started like the first decision; and starting again ends seven days after it. */
async function start({ startExecution, now }: ConsumeDependencies, event: RecordedEvent): Promise<void> {
  if (now() - decidedAt(event) > STARTS_AGAIN_FOR_MILLISECONDS) return;
  const { tenant, account } = event.notification;
  await Promise.all(decisionInForce(event).start.map((workflow) => startExecution(workflow, { tenant, account, eventId: event.id })));
}

function redriveOf({ attributes }: QueueMessage): RedriveReference | undefined {
  return readRedriveReference(attributes[REDRIVE_ATTRIBUTE]);
}

async function resolve({ table, now }: ConsumeDependencies, redrive: RedriveReference, { id, notification }: RecordedEvent): Promise<void> {
  const { tenant, account } = notification;
  await resolveQuarantined(table, redrive, { recordedAs: { tenant, account, eventId: id }, at: now() });
}

async function putAside(deps: ConsumeDependencies, message: QueueMessage, event: InvalidEvent): Promise<RecordOutcome> {
  const { tenant, faults, original, originalIs, envelope } = event;
  const outcome = await quarantine(deps, message, { tenant, reason: 'invalid', faults, original, originalIs, envelope });
  return { tenant: tenant ?? NO_TENANT, type: 'Invalid', outcome };
}

async function putAsideAsTooLarge(deps: ConsumeDependencies, message: QueueMessage, received: ValidEvent): Promise<RecordOutcome> {
  const { tenant, type } = received.notification;
  const outcome = await quarantine(deps, message, {
    tenant,
    reason: 'too-large',
    faults: [{ path: 'detail', expected: `at most ${MOST_EVENT_BYTES} bytes on record`, received: 'more' }],
    original: detailAsSent(message.body),
    originalIs: 'detail',
    envelope: readEnvelope(received.envelope),
  });
  return { tenant, type, outcome };
}

type PutAside = Pick<Quarantine, 'tenant' | 'reason' | 'faults' | 'original' | 'originalIs'> & { envelope: Envelope };

async function quarantine(deps: ConsumeDependencies, message: QueueMessage, { envelope, ...event }: PutAside): Promise<string> {
  const at = deps.now();
  const redrive = redriveOf(message);
  if (redrive) {
    await returnToQuarantine(deps.table, redrive, { reason: event.reason, faults: event.faults, at });
    return 'quarantined';
  }
  const times = { envelopeTime: envelope.time, sentAt: message.sentAt, receivedAt: new Date(at).toISOString() };
  const published = event.tenant === undefined ? undefined : await deps.configurations.current(event.tenant);
  const expiresAt = expiryAfter(at, published?.configuration.retention.quarantineDays);
  const { outcome } = await quarantineEvent(deps.table, deps.noteDay, { ...event, ...times, envelopeId: envelope.id, expiresAt });
  return outcome === 'done' ? 'quarantined' : 'repeated';
}

function liveDependencies(): ConsumeDependencies {
  const { tableName, timelineShards, stage, functionPrefix } = settings();
  const table = openTable(tableName);
  const now = () => Date.now();
  return {
    table,
    shards: timelineShards,
    noteDay: openDayDirectory(table, timelineShards),
    configurations: openConfigurations(table, now),
    startExecution: openExecutions({ stage, functionPrefix }),
    now,
  };
}

export const handler = createHandler(liveDependencies());
