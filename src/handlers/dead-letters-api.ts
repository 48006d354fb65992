import { type RouteWork, serveRoutes } from '../api/serve-routes.ts';
import { redeemAgain } from '../offers/redeem-again.ts';
import { readDeadLetterQueue } from '../operations/dead-letters.ts';
import { createFunctionCaller } from '../operations/function-calls.ts';
import { createQueues } from '../operations/queues.ts';
import { type RedriveSources, redriveDeadLetters } from '../operations/redrive-dead-letters.ts';
import { createReplayExecutions } from '../operations/replay-executions.ts';
import { httpHandler } from '../platform/http.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient } from '../platform/table.ts';
import { DEAD_LETTER_ROUTES } from '../schemas/api/dead-letter-routes.ts';
import type { RouteOf } from '../schemas/api/routes.ts';
import { OFFER_WORKFLOW } from '../schemas/offer/offer-record.ts';
import { DeadLetterQueueName } from '../schemas/operations/dead-letters.ts';
import { createExecutionStatusReader } from '../workflows/engine/execution-status.ts';
import { createExecutionStarter } from '../workflows/engine/start-execution.ts';

export type DeadLettersDependencies = Omit<RedriveSources, 'redeemAgain'>;

/** Counts and redrives the messages in the stack's dead-letter queues, which hold events of every tenant. */
export function createHandler(deps: DeadLettersDependencies) {
  const { table, queues, isRunning, startExecution, now } = deps;
  const sources: RedriveSources = {
    ...deps,
    redeemAgain: (start) =>
      redeemAgain(
        {
          table,
          isRunning: (retry) => isRunning(OFFER_WORKFLOW, start.eventId, retry),
          startRun: (retry) => startExecution(OFFER_WORKFLOW, start, retry),
          now,
        },
        { tenant: start.tenant, account: start.account, offerId: start.eventId },
      ),
  };
  const routes: RouteWork<RouteOf<'dead-letters-api'>> = {
    listDeadLetters: async () => ({
      data: await Promise.all(DeadLetterQueueName.options.map((queue) => readDeadLetterQueue(queues, queue))),
      next: null,
    }),
    redriveDeadLetters: async ({ queue }, _query, { body: { dryRun } }) => {
      const { way, waiting: found } = await readDeadLetterQueue(queues, queue);
      return { queue, way, dryRun, found, ...(dryRun ? { goesOn: false } : await redriveDeadLetters(sources, queue)) };
    },
  };
  return httpHandler('dead-letters-api', serveRoutes(DEAD_LETTER_ROUTES, routes));
}

const { tableName, stage, functionPrefix, queuesUrl } = readSettings(['tableName', 'stage', 'functionPrefix', 'queuesUrl']);
const table = createTableClient(tableName);
const startExecution = createExecutionStarter({ stage, functionPrefix });
const startReplay = createReplayExecutions({ stage, functionPrefix });
const isRunning = createExecutionStatusReader({ stage, functionPrefix });
const queues = createQueues({ queuesUrl, functionPrefix });
const callFunction = createFunctionCaller({ functionPrefix });

export const handler = createHandler({ table, queues, startExecution, startReplay, isRunning, callFunction, now: () => Date.now() });
