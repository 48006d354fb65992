import { chooseWorkflows } from '../rules/choose-workflows.ts';
import { type QueueMessage, queueHandler, type RecordOutcome } from '../runtime/queue.ts';
import { settings } from '../runtime/settings.ts';
import { settleAll } from '../runtime/settle-all.ts';
import { detailAsSent } from '../schemas/detail-as-sent.ts';
import { ulidSpread } from '../schemas/event-id.ts';
import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import { type Envelope, type InvalidEvent, parseEnvelope, parseEvent, type ValidEvent } from '../schemas/received-event.ts';
import { decidedAt, decisionInForce, type RecordedEvent } from '../schemas/recorded-event.ts';
import { parseRedriveReference, REDRIVE_ATTRIBUTE, type RedriveReference } from '../schemas/redrive-reference.ts';
import { UNKNOWN_TENANT } from '../schemas/reserved-tenants.ts';
import { UNKNOWN_TENANT_DAYS } from '../schemas/unknown-tenant.ts';
import { STARTS_FOR_MILLISECONDS } from '../schemas/workflow-start.ts';
import { type Configurations, createConfigurations } from '../store/configurations.ts';
import { createDayDirectory, type DayDirectory } from '../store/days.ts';
import { fitsOneItem, MAX_EVENT_BYTES, recordEvent } from '../store/events.ts';
import { createExecutionStarter, type StartExecution } from '../store/executions.ts';
import { type Quarantine, quarantineEvent } from '../store/quarantine.ts';
import { resolveQuarantined, returnToQuarantine } from '../store/quarantine-changes.ts';
import { createTableClient, expiryAfter, type Table } from '../store/table.ts';
import { openUnknownTenants } from '../store/unknown-tenants.ts';

/** `now` is in milliseconds since the epoch. */
export type ConsumeDependencies = {
  table: Table;
  shards: number;
  recordDay: DayDirectory;
  configurations: Configurations;
  startExecution: StartExecution;
  now: () => number;
  /** Process events of these tenants only. Empty: of every tenant with a published configuration. */
  takenTenants?: string[];
};

/**
 * Consumes notifications from the queue. Each one is recorded, found to be a repeat, or quarantined with its faults.
 *
 * The record stores the decision, so a repeat starts exactly what the first delivery decided, and a crash between the record and the start
 * loses nothing. A redriven message takes the same path, and its quarantine row stores the outcome.
 */
export function createHandler(deps: ConsumeDependencies) {
  const countUnknownTenant = openUnknownTenants(deps.table);
  return queueHandler('consume-notifications', async (message) => {
    const received = parseEvent(message.body);
    if (!received.valid) return quarantineInvalid(deps, message, received);

    const event = await decide(deps, received);
    if (!fitsOneItem(event)) return quarantineTooLarge(deps, message, received);

    const { outcome, event: recorded } = await recordEvent(deps.table, deps.recordDay, deps.shards, event);
    await start(deps, recorded);
    const redrive = redriveOf(message);
    if (redrive) await resolve(deps, redrive, recorded);
    const { tenant, type } = recorded.notification;
    if (outcome === 'already-done') return { tenant, type, outcome: 'repeated' };
    if ((await policyOf(deps, tenant)).isTaken) return { tenant, type, outcome: 'recorded' };
    await countUnknownTenant({ tenant, spread: ulidSpread(event.id), at: deps.now() });
    // The name of an unknown tenant is untrusted input and must not reach the log.
    return { tenant: UNKNOWN_TENANT, type, outcome: 'unknown-tenant' };
  });
}

type Policy = { isTaken: boolean; published?: PublishedConfiguration | undefined };

/** Events of tenants that are not served are kept for a while and start nothing. */
async function policyOf({ configurations, takenTenants = [] }: ConsumeDependencies, tenant: string | undefined): Promise<Policy> {
  if (tenant === undefined || (takenTenants.length > 0 && !takenTenants.includes(tenant))) return { isTaken: false };
  const published = await configurations.current(tenant);
  return { isTaken: takenTenants.length > 0 || published !== undefined, published };
}

async function decide(deps: ConsumeDependencies, { id, notification, original }: ValidEvent): Promise<RecordedEvent> {
  const { isTaken, published } = await policyOf(deps, notification.tenant);
  const receivedAt = deps.now();
  const decision = chooseWorkflows(notification, published, receivedAt);
  const expiresAt = expiryAfter(receivedAt, isTaken ? published?.configuration.retention.eventsDays : UNKNOWN_TENANT_DAYS);
  return { id, notification, receivedAt: new Date(receivedAt).toISOString(), decision, original, expiresAt };
}

/** Starts the workflows of the decision in force, which may be a replay's. Does nothing when that decision is older than seven days. */
async function start({ startExecution, now }: ConsumeDependencies, event: RecordedEvent): Promise<void> {
  if (now() - decidedAt(event) > STARTS_FOR_MILLISECONDS) return;
  const { tenant, account } = event.notification;
  await settleAll(decisionInForce(event).start.map((workflow) => startExecution(workflow, { tenant, account, eventId: event.id })));
}

function redriveOf({ attributes }: QueueMessage): RedriveReference | undefined {
  return parseRedriveReference(attributes[REDRIVE_ATTRIBUTE]);
}

async function resolve({ table, now }: ConsumeDependencies, redrive: RedriveReference, { id, notification }: RecordedEvent): Promise<void> {
  const { tenant, account } = notification;
  await resolveQuarantined(table, redrive, { recordedAs: { tenant, account, eventId: id }, at: now() });
}

async function quarantineInvalid(deps: ConsumeDependencies, message: QueueMessage, event: InvalidEvent): Promise<RecordOutcome> {
  const { tenant, faults, original, originalIs, envelope } = event;
  const outcome = await quarantine(deps, message, { tenant, reason: 'invalid', faults, original, originalIs, envelope });
  return { tenant: tenant ?? UNKNOWN_TENANT, type: 'Invalid', outcome };
}

async function quarantineTooLarge(deps: ConsumeDependencies, message: QueueMessage, received: ValidEvent): Promise<RecordOutcome> {
  const { tenant, type } = received.notification;
  const outcome = await quarantine(deps, message, {
    tenant,
    reason: 'too-large',
    faults: [{ path: 'detail', expected: `at most ${MAX_EVENT_BYTES} bytes on record`, received: 'more' }],
    original: detailAsSent(message.body),
    originalIs: 'detail',
    envelope: parseEnvelope(received.envelope),
  });
  return { tenant, type, outcome };
}

type QuarantineRequest = Pick<Quarantine, 'tenant' | 'reason' | 'faults' | 'original' | 'originalIs'> & { envelope: Envelope };

async function quarantine(deps: ConsumeDependencies, message: QueueMessage, { envelope, ...event }: QuarantineRequest): Promise<string> {
  const at = deps.now();
  const redrive = redriveOf(message);
  if (redrive) {
    await returnToQuarantine(deps.table, redrive, { reason: event.reason, faults: event.faults, at });
    return 'quarantined';
  }
  const times = { envelopeTime: envelope.time, sentAt: message.sentAt, receivedAt: new Date(at).toISOString() };
  const { isTaken, published } = await policyOf(deps, event.tenant);
  const expiresAt = expiryAfter(at, isTaken ? published?.configuration.retention.quarantineDays : UNKNOWN_TENANT_DAYS);
  const { outcome } = await quarantineEvent(deps.table, deps.recordDay, { ...event, ...times, envelopeId: envelope.id, expiresAt });
  return outcome === 'done' ? 'quarantined' : 'repeated';
}

function liveDependencies(): ConsumeDependencies {
  const { tableName, timelineShards, stage, functionPrefix, takenTenants } = settings();
  const table = createTableClient(tableName);
  const now = () => Date.now();
  return {
    table,
    shards: timelineShards,
    recordDay: createDayDirectory(table, timelineShards),
    configurations: createConfigurations(table, now),
    startExecution: createExecutionStarter({ stage, functionPrefix }),
    now,
    takenTenants,
  };
}

export const handler = createHandler(liveDependencies());
