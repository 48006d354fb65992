import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Table, writeIf } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import type { Fault } from '../schemas/event/fault.ts';
import type { QuarantinedEvent } from '../schemas/operations/quarantined-event.ts';
import type { RedriveReference } from '../schemas/operations/redrive-reference.ts';
import { findQuarantined, keptFaults, keyOfQuarantined, type QuarantinedRow } from './quarantine.ts';

/** `conflict`: the row's state does not allow the change. Undefined: there is no such row. */
export type QuarantineChange = { outcome: 'done' | 'already-done' | 'conflict'; event: QuarantinedRow } | undefined;

export type QuarantineReference = Pick<QuarantinedEvent, 'tenant' | 'id'>;

const IN_QUARANTINE = '#state = :quarantined';

/**
 * From `quarantined` to `redriven`.
 *
 * @param redrive `correction` is the detail that replaces the original, as JSON text; `at` in milliseconds since the epoch.
 * @returns `already-done` when the same detail was redriven before, even if it has been recorded since.
 */
export async function redriveQuarantined(
  table: Table,
  reference: QuarantineReference,
  { correction, at }: { correction: string | undefined; at: number },
): Promise<QuarantineChange> {
  const set = 'SET #state = :redriven, redrivenAt = :at, redrives = redrives + :one';
  const isDone = await update(table, reference, {
    UpdateExpression: correction === undefined ? `${set} REMOVE correction` : `${set}, correction = :correction`,
    ConditionExpression: IN_QUARANTINE,
    ExpressionAttributeValues: {
      ':quarantined': 'quarantined',
      ':redriven': 'redriven',
      ':at': isoTime(at),
      ':one': 1,
      ...(correction === undefined ? {} : { ':correction': correction }),
    },
  });
  return result(
    table,
    reference,
    isDone,
    (event) => (event.state === 'redriven' || event.state === 'resolved') && event.correction === correction,
  );
}

/** From `quarantined` to `discarded`. `already-done` when it was discarded for the same reason. */
export async function discardQuarantined(
  table: Table,
  reference: QuarantineReference,
  { reason, at }: { reason: string; at: number },
): Promise<QuarantineChange> {
  const isDone = await update(table, reference, {
    UpdateExpression: 'SET #state = :discarded, discardedAt = :at, discardReason = :reason',
    ConditionExpression: IN_QUARANTINE,
    ExpressionAttributeValues: { ':quarantined': 'quarantined', ':discarded': 'discarded', ':at': isoTime(at), ':reason': reason },
  });
  return result(table, reference, isDone, (event) => event.state === 'discarded' && event.discardReason === reason);
}

/** From `redriven`, or `quarantined` again by the same redrive, to `resolved`. Ignores late messages of an earlier redrive. */
export async function resolveQuarantined(
  table: Table,
  redrive: RedriveReference,
  { recordedAs, at }: { recordedAs: NonNullable<QuarantinedEvent['resolvedAs']>; at: number },
): Promise<void> {
  await update(table, redrive, {
    UpdateExpression: 'SET #state = :resolved, resolvedAt = :at, resolvedAs = :as',
    ConditionExpression: 'redrives = :number AND #state IN (:redriven, :quarantined)',
    ExpressionAttributeValues: {
      ':number': redrive.number,
      ':redriven': 'redriven',
      ':quarantined': 'quarantined',
      ':resolved': 'resolved',
      ':at': isoTime(at),
      ':as': recordedAs,
    },
  });
}

/** From `redriven` back to `quarantined`, with the current faults. */
export async function returnToQuarantine(
  table: Table,
  redrive: RedriveReference,
  { reason, faults, at }: { reason: QuarantinedEvent['reason']; faults: Fault[]; at: number },
): Promise<void> {
  await update(table, redrive, {
    UpdateExpression: 'SET #state = :quarantined, quarantinedAgainAt = :at, reason = :reason, faults = :faults',
    ConditionExpression: 'redrives = :number AND #state = :redriven',
    ExpressionAttributeValues: {
      ':number': redrive.number,
      ':redriven': 'redriven',
      ':quarantined': 'quarantined',
      ':at': isoTime(at),
      ':reason': reason,
      ':faults': keptFaults(faults),
    },
  });
}

type Update = Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>;

async function update(table: Table, { tenant, id }: QuarantineReference, change: Update): Promise<boolean> {
  const names = { ExpressionAttributeNames: { '#state': 'state' } };
  return writeIf(table, new UpdateCommand({ TableName: table.name, Key: keyOfQuarantined(tenant, id), ...change, ...names }));
}

async function result(
  table: Table,
  { tenant, id }: QuarantineReference,
  isDone: boolean,
  isAlready: (event: QuarantinedRow) => boolean,
): Promise<QuarantineChange> {
  const event = await findQuarantined(table, tenant, id);
  if (!event) return undefined;
  return { outcome: isDone ? 'done' : isAlready(event) ? 'already-done' : 'conflict', event };
}
