import { type RouteWork, serveRoutes } from '../api/serve-routes.ts';
import { offerReply } from '../lookup/explain-offer.ts';
import { liftMarketingPause, marketingPauseOf, pauseMarketing } from '../messaging/marketing-pauses.ts';
import { retryRedemption } from '../offers/retry-redemption.ts';
import { createQueues, type Queues } from '../operations/queues.ts';
import { discardEvent, getQuarantined, redriveEvent } from '../operations/redrive-quarantined.ts';
import { createReplayExecutions, type StartReplay } from '../operations/replay-executions.ts';
import { getReplay, startReplay } from '../operations/start-replay.ts';
import { httpHandler } from '../platform/http.ts';
import { readSettings } from '../platform/settings.ts';
import { createTenantTables, type TenantTables } from '../platform/tenant-tables.ts';
import { FAILED_ACTIVATION_ROUTES } from '../schemas/api/failed-activation-routes.ts';
import { MARKETING_ROUTES } from '../schemas/api/marketing-routes.ts';
import { OPERATION_ROUTES } from '../schemas/api/operation-routes.ts';
import { REPLAY_ROUTES } from '../schemas/api/replay-routes.ts';
import type { RouteOf } from '../schemas/api/routes.ts';
import { OFFER_WORKFLOW } from '../schemas/offer/offer-record.ts';
import { createExecutionStarter, type StartExecution } from '../workflows/engine/start-execution.ts';

type Starts = { startReplay: StartReplay; startExecution: StartExecution };
export type OperationsDependencies = Starts & { tables: TenantTables; queues: Queues; now: () => number };

const ROUTES = { ...OPERATION_ROUTES, ...REPLAY_ROUTES, ...MARKETING_ROUTES, ...FAILED_ACTIVATION_ROUTES };

/** Repairs for operators: redrive or discard quarantined events, replay recorded events, retry stuck offers, pause marketing. */
export function createHandler({ tables, queues, startReplay: start, startExecution, now }: OperationsDependencies) {
  const routes: RouteWork<RouteOf<'operations-api'>> = {
    getQuarantined: (reference, _query, { tenant }) => getQuarantined(tables(tenant), reference),
    redriveQuarantined: (reference, _query, { body, tenant }) =>
      redriveEvent({ table: tables(tenant), queues, at: now() }, reference, body),
    discardQuarantined: (reference, _query, { body, tenant }) =>
      discardEvent(tables(tenant), reference, { reason: body.reason, at: now() }),
    startReplay: (_path, _query, { body, headers, tenant }) =>
      startReplay({ table: tables(tenant), startReplay: start, now }, { tenant, idempotencyKey: headers['idempotency-key'] }, body),
    getReplay: ({ id }, _query, { tenant }) => getReplay(tables(tenant), tenant, id),
    retryOffer: async ({ account, offerId }, _query, { tenant }) => {
      const startRun = (retry: number) => startExecution(OFFER_WORKFLOW, { tenant, account, eventId: offerId }, retry);
      return offerReply(await retryRedemption(tables(tenant), { tenant, account, offerId }, startRun));
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
  };
  return httpHandler('operations-api', serveRoutes(ROUTES, routes));
}

const settings = readSettings(['tableName', 'stage', 'functionPrefix', 'queuesUrl', 'operationsDataRole']);

export const handler = createHandler({
  tables: createTenantTables({ name: settings.tableName, dataRole: settings.operationsDataRole }),
  queues: createQueues(settings),
  startReplay: createReplayExecutions(settings),
  startExecution: createExecutionStarter(settings),
  now: () => Date.now(),
});
