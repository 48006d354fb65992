import { parseEvent } from '../ingest/parse-event.ts';
import { fieldFaults } from '../ingest/parsing/field-faults.ts';
import { findQuarantined, type QuarantinedRow } from '../ingest/quarantine.ts';
import { discardQuarantined, type QuarantineChange, redriveQuarantined } from '../ingest/quarantine-changes.ts';
import { badRequest, HttpProblem } from '../platform/problem.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import type { Table } from '../platform/table.ts';
import type { Fault } from '../schemas/event/fault.ts';
import type { RedriveRequest } from '../schemas/operations/quarantined-event.ts';
import { REDRIVE_ATTRIBUTE, writeRedriveReference } from '../schemas/operations/redrive-reference.ts';
import { MAX_MESSAGE_BYTES, type Queues, sendToQueue } from './queues.ts';
import { redrivenMessage } from './redriven-message.ts';

type Reference = { tenant: string; id: string };

/** @throws HttpProblem 404 when the event is not in quarantine. */
export async function getQuarantined(table: Table, { tenant, id }: Reference): Promise<QuarantinedRow> {
  return existing(await findQuarantined(table, tenant, id));
}

/**
 * Sends a quarantined event through the queue again, as it came or corrected. The same request may be repeated.
 *
 * @param at milliseconds since the epoch.
 * @throws HttpProblem 400 for a correction that would be quarantined again, 404 for an unknown event, 409 when its state or size forbids it.
 */
export async function redriveEvent(
  { table, queues, at }: { table: Table; queues: Queues; at: number },
  reference: Reference,
  body: RedriveRequest,
): Promise<QuarantinedRow> {
  const correction = parseCorrection(body);
  const before = await getQuarantined(table, reference);
  const message = messageOf(before, correction);
  const event = changed(await redriveQuarantined(table, reference, { correction, at }));
  if (event.state === 'redriven') await sendToConsumer(queues, event, message);
  return event;
}

/**
 * @param change `at` in milliseconds since the epoch.
 * @throws HttpProblem 404 for an unknown event, 409 when its state forbids it.
 */
export async function discardEvent(table: Table, reference: Reference, change: { reason: string; at: number }): Promise<QuarantinedRow> {
  return changed(await discardQuarantined(table, reference, change));
}

function existing(event: QuarantinedRow | undefined): QuarantinedRow {
  if (!event) throw new HttpProblem(404, 'No quarantined event with this ID exists.');
  return event;
}

function changed(change: QuarantineChange): QuarantinedRow {
  const event = existing(change?.event);
  if (change?.outcome !== 'conflict') return event;
  throw new HttpProblem(409, `The event has already been ${event.state} by a different request.`);
}

function messageOf(row: QuarantinedRow, correction: string | undefined): string {
  const message = redrivenMessage(row, correction);
  if (correction !== undefined) checkCorrection(row, message);
  else if (row.originalIsCut) throw new HttpProblem(409, 'The original was truncated and cannot be redriven; send a corrected `detail`.');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES)
    throw new HttpProblem(409, 'The original is too long for the queue; send a corrected `detail`.');
  return message;
}

/** As JSON text. Rejects deep nesting and unstorable values first. */
function parseCorrection({ detail }: RedriveRequest): string | undefined {
  if (detail === undefined) return undefined;
  rejectFaults(fieldFaults(detail, 'detail'));
  return JSON.stringify(detail);
}

/** A tenant may correct its own events only; an event without a tenant may belong to any. */
function checkCorrection({ tenant }: QuarantinedRow, message: string): void {
  const read = parseEvent(message);
  if (!read.valid) rejectFaults(read.faults);
  else if (tenant !== UNKNOWN_TENANT && read.notification.tenant !== tenant)
    rejectFaults([{ path: 'detail.providerid', expected: `the tenant ${tenant}`, received: 'another' }]);
}

function rejectFaults(faults: Fault[]): void {
  if (faults.length === 0) return;
  throw badRequest(faults, ({ path, expected, received }) => ({
    // The envelope cannot be corrected. A time in the detail takes the place of a missing or wrong envelope time.
    pointer: path.startsWith('detail') ? `/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}` : '/detail',
    detail: `${path.startsWith('detail') ? '' : `${path}: `}expected ${expected}, found ${received}`,
  }));
}

async function sendToConsumer(queues: Queues, { tenant, id, redrives }: QuarantinedRow, body: string): Promise<void> {
  const attributes = { [REDRIVE_ATTRIBUTE]: writeRedriveReference({ tenant, id, number: redrives }) };
  await sendToQueue(queues, 'consume-notifications', { body, attributes });
}
