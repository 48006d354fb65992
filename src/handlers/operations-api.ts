import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { offerReply } from '../rules/explain-offer.ts';
import { redrivenMessage } from '../rules/redriven-message.ts';
import { type RouteWork, serveRoutes } from '../runtime/api-route.ts';
import { digest } from '../runtime/hash.ts';
import { httpHandler } from '../runtime/http.ts';
import { settings } from '../runtime/settings.ts';
import { ulid } from '../schemas/event-id.ts';
import type { Fault } from '../schemas/fault.ts';
import { fieldFaults } from '../schemas/field-faults.ts';
import type { MarketingPauseReply } from '../schemas/marketing-pause.ts';
import { badRequest, HttpProblem } from '../schemas/problem.ts';
import type { RedriveRequest } from '../schemas/quarantined-event.ts';
import { parseEvent } from '../schemas/received-event.ts';
import { REDRIVE_ATTRIBUTE, writeRedriveReference } from '../schemas/redrive-reference.ts';
import type { ReplayRequest } from '../schemas/replay.ts';
import { UNKNOWN_TENANT } from '../schemas/reserved-tenants.ts';
import { FAILED_ACTIVATION_ROUTES } from '../schemas/routes/failed-activation-routes.ts';
import { MARKETING_ROUTES } from '../schemas/routes/marketing-routes.ts';
import { OPERATION_ROUTES } from '../schemas/routes/operation-routes.ts';
import { rangeTime } from '../schemas/routes/range-time.ts';
import { REPLAY_ROUTES } from '../schemas/routes/replay-routes.ts';
import type { RouteOf } from '../schemas/routes/routes.ts';
import { isoTime } from '../schemas/time.ts';
import { createExecutionStarter, type StartExecution } from '../store/executions.ts';
import { liftMarketingPause, pauseMarketing, readMarketingPauses } from '../store/marketing-pauses.ts';
import { retryNumber, retryOffer } from '../store/offers/retries.ts';
import { createQueues, MAX_MESSAGE_BYTES, type Queues, sendToQueue } from '../store/operations/queues.ts';
import { createReplayExecutions, type StartReplay } from '../store/operations/replay-executions.ts';
import { MAX_OPEN_REPLAYS, reserveReplaySlot } from '../store/operations/replay-slots.ts';
import { createReplay, findReplay, replayReply } from '../store/operations/replays.ts';
import { findQuarantined, type QuarantinedRow } from '../store/quarantine.ts';
import { discardQuarantined, type QuarantineChange, redriveQuarantined } from '../store/quarantine-changes.ts';
import type { Table } from '../store/table.ts';
import { createTenantTables, type TenantTables } from '../store/tenant-tables.ts';

export type OperationsDependencies = {
  tables: TenantTables;
  queues: Queues;
  startReplay: StartReplay;
  startExecution: StartExecution;
  now: () => number;
};

const ROUTES = { ...OPERATION_ROUTES, ...REPLAY_ROUTES, ...MARKETING_ROUTES, ...FAILED_ACTIVATION_ROUTES };

/** Repairs for operators: redrive or discard quarantined events, replay recorded events, retry stuck offers, pause marketing. */
export function createHandler(deps: OperationsDependencies) {
  return httpHandler('operations-api', serveRoutes(ROUTES, operations(deps)));
}

function operations(deps: OperationsDependencies): RouteWork<RouteOf<'operations-api'>> {
  const { tables, now } = deps;
  return {
    getQuarantined: async ({ tenant, id }, _query, sent) => existing(await findQuarantined(tables(sent.tenant), tenant, id)),
    redriveQuarantined: async (reference, _query, { body, tenant }) => {
      const correction = parseCorrection(body);
      const table = tables(tenant);
      const before = existing(await findQuarantined(table, reference.tenant, reference.id));
      const message = messageOf(before, correction);
      const event = settled(await redriveQuarantined(table, reference, { correction, at: now() }));
      if (event.state === 'redriven') await sendToConsumer(deps.queues, event, message);
      return event;
    },
    discardQuarantined: async (reference, _query, { body, tenant }) =>
      settled(await discardQuarantined(tables(tenant), reference, { reason: body.reason, at: now() })),
    startReplay: async (_path, _query, { body, headers, tenant }) => {
      const id = replayId(tenant, headers['idempotency-key'], now());
      const asked = { ...body, from: isoTime(rangeTime(Date.parse(body.from))), to: isoTime(rangeTime(Date.parse(body.to))) };
      const isKnown = (await findReplay(tables(tenant), tenant, id)) !== undefined;
      if (!isKnown && (await reserveReplaySlot(tables(tenant), { tenant, id, at: now() })) === 'full') throw tooManyReplays();
      const { replay } = await createReplay(tables(tenant), { ...asked, id, tenant, createdAt: isoTime(now()) });
      if (!isDeepStrictEqual(wishOf(replay), wishOf(asked)))
        throw new HttpProblem(409, 'This idempotency key was used for another replay.');
      // Also for a known replay: an earlier request may have failed before it started the execution.
      if (replay.state !== 'done') await deps.startReplay({ tenant, replay: id, part: 1 });
      return replayReply(replay);
    },
    retryOffer: async ({ account, offerId }, _query, { tenant }) => {
      const retried = await retryOffer(tables(tenant), { tenant, account, offerId });
      if (!retried) throw new HttpProblem(404, 'No offer with this ID exists for this account.');
      const { outcome, record } = retried;
      if (outcome === 'conflict') throw new HttpProblem(409, `It is ${record.state}, not stuck.`);
      // Also for a known retry: an earlier request may have failed before it started the run.
      await deps.startExecution('retention-offer', { tenant, account, eventId: offerId }, retryNumber(record));
      return offerReply(record);
    },
    getMarketingPause: (_path, _query, { tenant }) => marketingPauseOf(tables(tenant), tenant),
    pauseMarketing: async (_path, _query, { body, tenant, caller }) => {
      await pauseMarketing(tables(tenant), tenant, { reason: body.reason, cause: 'operations', by: caller, at: now() });
      return marketingPauseOf(tables(tenant), tenant);
    },
    liftMarketingPause: async (_path, _query, { tenant, caller }) => {
      await liftMarketingPause(tables(tenant), tenant, { by: caller, at: now() });
      return marketingPauseOf(tables(tenant), tenant);
    },
    getReplay: async ({ id }, _query, { tenant }) => {
      const replay = await findReplay(tables(tenant), tenant, id);
      if (!replay) throw new HttpProblem(404, 'No replay with this ID exists.');
      return replayReply(replay);
    },
  };
}

async function marketingPauseOf(table: Table, tenant: string): Promise<MarketingPauseReply> {
  const pauses = await readMarketingPauses(table, tenant);
  return { paused: [pauses.ofTenant, pauses.ofAll].some((pause) => pause?.state === 'paused'), ...pauses };
}

function tooManyReplays(): HttpProblem {
  const detail = `${MAX_OPEN_REPLAYS} replays are open, dry runs included, and a tenant has no more at once. Start it when one of them is done.`;
  return new HttpProblem(409, detail);
}

/** Derived from the idempotency key when there is one, so that the same request is the same replay. */
function replayId(tenant: string, key: string | undefined, now: number): string {
  return key === undefined ? ulid(now, randomBytes(10)) : ulid(0, digest(JSON.stringify([tenant, key])));
}

function wishOf({ from, to, types, workflows, dryRun }: ReplayRequest): ReplayRequest {
  return { from, to, types, workflows, dryRun };
}

function existing(event: QuarantinedRow | undefined): QuarantinedRow {
  if (!event) throw new HttpProblem(404, 'There is nothing in quarantine of this id.');
  return event;
}

/** @throws HttpProblem 404 for an unknown row, 409 when its state does not allow the change. */
function settled(change: QuarantineChange): QuarantinedRow {
  const event = existing(change?.event);
  if (change?.outcome !== 'conflict') return event;
  throw new HttpProblem(409, `It is ${event.state} already, and not by a request like this one.`);
}

/** @throws HttpProblem 400 for an invalid correction, 409 for an original that cannot be sent again. */
function messageOf(row: QuarantinedRow, correction: string | undefined): string {
  const message = redrivenMessage(row, correction);
  if (correction !== undefined) checkCorrection(row, message);
  else if (row.originalIsCut) throw new HttpProblem(409, 'Its original was too long to be kept whole; send a corrected detail.');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES)
    throw new HttpProblem(409, 'Its original is too long for the queue; send a corrected detail.');
  return message;
}

/** As JSON text. Rejects deep nesting and unstorable values first. */
function parseCorrection({ detail }: RedriveRequest): string | undefined {
  if (detail === undefined) return undefined;
  rejectFaults(fieldFaults(detail, 'detail'));
  return JSON.stringify(detail);
}

/**
 * Rejects a correction that would be quarantined again. A tenant may correct its own events only; an event without a tenant may belong to
 * any.
 */
function checkCorrection({ tenant }: QuarantinedRow, message: string): void {
  const read = parseEvent(message);
  if (!read.valid) rejectFaults(read.faults);
  else if (tenant !== UNKNOWN_TENANT && read.notification.tenant !== tenant)
    rejectFaults([{ path: 'detail.providerid', expected: `the tenant ${tenant}`, received: 'another' }]);
}

/** @throws HttpProblem 400 that names each fault. */
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

function liveDependencies(): OperationsDependencies {
  const { tableName, stage, functionPrefix, queuesUrl, dataRoles } = settings();
  if (queuesUrl === undefined) throw new Error('QUEUES_URL is missing in the environment of operations-api.');
  return {
    tables: createTenantTables({ name: tableName, dataRole: dataRoles['operations-api'] }),
    queues: createQueues({ queuesUrl, functionPrefix }),
    startReplay: createReplayExecutions({ stage, functionPrefix }),
    startExecution: createExecutionStarter({ stage, functionPrefix }),
    now: () => Date.now(),
  };
}

export const handler = createHandler(liveDependencies());
