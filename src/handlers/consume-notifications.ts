import { createConfigurations } from '../configuration/configurations.ts';
import { createDayDirectory, type DayDirectory } from '../ingest/day-directory.ts';
import { decideEvent, type TenantSources } from '../ingest/decide-event.ts';
import { fitsOneItem, recordEvent } from '../ingest/event-records.ts';
import { parseEvent } from '../ingest/parse-event.ts';
import { resolveQuarantined } from '../ingest/quarantine-changes.ts';
import { quarantineInvalid, quarantineTooLarge, redriveOf } from '../ingest/quarantine-message.ts';
import { createUnknownTenantCounter } from '../ingest/unknown-tenants.ts';
import { queueHandler } from '../platform/queue.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient, type Table } from '../platform/table.ts';
import { createExecutionStarter, type StartExecution } from '../workflows/engine/start-execution.ts';
import { startWorkflows } from '../workflows/engine/start-workflows.ts';

/** `now` is in milliseconds since the epoch. */
type Recording = { table: Table; shards: number; recordDay: DayDirectory; now: () => number };
export type ConsumeDependencies = TenantSources & Recording & { startExecution: StartExecution };

/**
 * Consumes notifications from the queue. Each one is recorded, recognised as a repeat, or quarantined with its validation faults.
 *
 * The record stores which workflows to start. So a repeat starts the same ones as the first delivery, and a crash between recording the
 * event and starting its workflows loses nothing. A message redriven from quarantine takes the same path, and its row there stores the
 * outcome.
 */
export function createHandler(deps: ConsumeDependencies) {
  const { table, now } = deps;
  const countUnknownTenant = createUnknownTenantCounter(table);
  return queueHandler('consume-notifications', async (message) => {
    const received = parseEvent(message.body);
    if (!received.valid) return quarantineInvalid(deps, message, received);
    const { event, isServed } = await decideEvent(deps, received, now());
    if (!fitsOneItem(event)) return quarantineTooLarge(deps, message, received);

    const { outcome, event: recorded } = await recordEvent(table, deps.recordDay, deps.shards, event);
    await startWorkflows(deps.startExecution, recorded, now());

    const { tenant, account, type } = recorded.notification;
    const redrive = redriveOf(message);
    if (redrive) await resolveQuarantined(table, redrive, { recordedAs: { tenant, account, eventId: recorded.id }, at: now() });
    const isRepeat = outcome === 'already-done';
    if (isServed) return { tenant, type, outcome: isRepeat ? 'repeated' : 'recorded' };
    if (!isRepeat) await countUnknownTenant(recorded, now());
    // The name of an unknown tenant is untrusted input and must not reach the log.
    return { tenant: UNKNOWN_TENANT, type, outcome: isRepeat ? 'repeated' : 'unknown-tenant' };
  });
}

const settings = readSettings(['tableName', 'timelineShards', 'stage', 'functionPrefix', 'takenTenants']);
const { timelineShards: shards, takenTenants } = settings;
const table = createTableClient(settings.tableName);
const now = () => Date.now();
const recordDay = createDayDirectory(table, shards);
const configurations = createConfigurations(table, now);
const startExecution = createExecutionStarter(settings);

export const handler = createHandler({ table, shards, recordDay, configurations, startExecution, now, takenTenants });
