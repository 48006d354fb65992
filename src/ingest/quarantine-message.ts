import type { QueueMessage, RecordOutcome } from '../platform/queue.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { expiryAfter, type Table } from '../platform/table.ts';
import { parseRedriveReference, REDRIVE_ATTRIBUTE, type RedriveReference } from '../schemas/operations/redrive-reference.ts';
import { UNKNOWN_TENANT_DAYS } from '../schemas/operations/unknown-tenant.ts';
import type { DayDirectory } from './day-directory.ts';
import { findTenant, type TenantSources } from './decide-event.ts';
import { MAX_EVENT_BYTES } from './event-records.ts';
import { type Envelope, type InvalidEvent, parseEnvelope, type ValidEvent } from './parse-event.ts';
import { detailAsSent } from './parsing/detail-as-sent.ts';
import { type Quarantine, quarantineEvent } from './quarantine.ts';
import { returnToQuarantine } from './quarantine-changes.ts';

/** `now` is in milliseconds since the epoch. */
type Sources = TenantSources & { table: Table; recordDay: DayDirectory; now: () => number };

/** Keeps an invalid event with its faults. A redriven one returns to its own row. */
export async function quarantineInvalid(sources: Sources, message: QueueMessage, event: InvalidEvent): Promise<RecordOutcome> {
  const { tenant, faults, original, originalIs, envelope } = event;
  const outcome = await quarantine(sources, message, { tenant, reason: 'invalid', faults, original, originalIs, envelope });
  return { tenant: tenant ?? UNKNOWN_TENANT, type: 'Invalid', outcome };
}

/** Keeps a valid event whose record would not fit. */
export async function quarantineTooLarge(sources: Sources, message: QueueMessage, received: ValidEvent): Promise<RecordOutcome> {
  const { tenant, type } = received.notification;
  const outcome = await quarantine(sources, message, {
    tenant,
    reason: 'too-large',
    faults: [{ path: 'detail', expected: `at most ${MAX_EVENT_BYTES} bytes on record`, received: 'more' }],
    original: detailAsSent(message.body),
    originalIs: 'detail',
    envelope: parseEnvelope(received.envelope),
  });
  return { tenant, type, outcome };
}

/** The quarantined event that a message redrives, if it does. */
export function redriveOf({ attributes }: QueueMessage): RedriveReference | undefined {
  return parseRedriveReference(attributes[REDRIVE_ATTRIBUTE]);
}

type QuarantineRequest = Pick<Quarantine, 'tenant' | 'reason' | 'faults' | 'original' | 'originalIs'> & { envelope: Envelope };

async function quarantine(sources: Sources, message: QueueMessage, { envelope, ...event }: QuarantineRequest): Promise<string> {
  const at = sources.now();
  const redrive = redriveOf(message);
  if (redrive) {
    await returnToQuarantine(sources.table, redrive, { reason: event.reason, faults: event.faults, at });
    return 'quarantined';
  }
  const times = { envelopeTime: envelope.time, sentAt: message.sentAt, receivedAt: new Date(at).toISOString() };
  const { isServed, published } = await findTenant(sources, event.tenant);
  const expiresAt = expiryAfter(at, isServed ? published?.configuration.retention.quarantineDays : UNKNOWN_TENANT_DAYS);
  const { outcome } = await quarantineEvent(sources.table, sources.recordDay, { ...event, ...times, envelopeId: envelope.id, expiresAt });
  return outcome === 'done' ? 'quarantined' : 'repeated';
}
