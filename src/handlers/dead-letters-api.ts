import { type RouteWork, serveRoutes } from '../api/serve-routes.ts';
import { findEvent } from '../ingest/event-records.ts';
import { findOffer } from '../offers/offer-records.ts';
import { retryNumber, retryOffer } from '../offers/retries.ts';
import { markOfferStuck } from '../offers/transitions.ts';
import { drainDeadLetters, moveDeadLetters, readDeadLetterQueue } from '../operations/dead-letters.ts';
import { type CallFunction, createFunctionCaller } from '../operations/function-calls.ts';
import { createQueues, type Queues, sendToQueue } from '../operations/queues.ts';
import { createReplayExecutions, type StartReplay } from '../operations/replay-executions.ts';
import { nextPart } from '../operations/replay-records.ts';
import { redriveRun } from '../operations/run-redrives.ts';
import { httpHandler } from '../platform/http.ts';
import { parseJson } from '../platform/parse-json.ts';
import { readSettings } from '../platform/settings.ts';
import { settleAll } from '../platform/settle-all.ts';
import { createTableClient, type Table } from '../platform/table.ts';
import { DEAD_LETTER_ROUTES } from '../schemas/api/dead-letter-routes.ts';
import type { RouteOf } from '../schemas/api/routes.ts';
import { decisionInForce } from '../schemas/event/recorded-event.ts';
import { OFFER_WORKFLOW } from '../schemas/offer/offer-record.ts';
import { DEAD_LETTER_QUEUES, DeadLetterQueueName, type Handled, type RedriveReport } from '../schemas/operations/dead-letters.ts';
import { ReplayStart } from '../schemas/operations/replay.ts';
import type { WorkflowName } from '../schemas/run/workflow.ts';
import { WorkflowStart } from '../schemas/run/workflow-start.ts';
import { createExecutionStatusReader, type IsRunning } from '../workflows/engine/execution-status.ts';
import { findRun } from '../workflows/engine/run-records.ts';
import { createExecutionStarter, type StartExecution } from '../workflows/engine/start-execution.ts';

export type DeadLettersDependencies = {
  table: Table;
  queues: Queues;
  startExecution: StartExecution;
  startReplay: StartReplay;
  isRunning: IsRunning;
  callFunction: CallFunction;
  now: () => number;
};

/** Counts and redrives the messages in the stack's dead-letter queues, which hold events of every tenant. */
export function createHandler(deps: DeadLettersDependencies) {
  return httpHandler('dead-letters-api', serveRoutes(DEAD_LETTER_ROUTES, deadLetters(deps)));
}

function deadLetters(deps: DeadLettersDependencies): RouteWork<RouteOf<'dead-letters-api'>> {
  return {
    listDeadLetters: async () => ({
      data: await Promise.all(DeadLetterQueueName.options.map((queue) => readDeadLetterQueue(deps.queues, queue))),
      next: null,
    }),
    redriveDeadLetters: async ({ queue }, _query, { body }) => {
      const { way, waiting } = await readDeadLetterQueue(deps.queues, queue);
      const counted = { queue, way, dryRun: body.dryRun, found: waiting };
      return body.dryRun ? { ...counted, goesOn: false } : { ...counted, ...(await redrive(deps, queue)) };
    },
  };
}

async function redrive(
  deps: DeadLettersDependencies,
  queue: DeadLetterQueueName,
): Promise<Pick<RedriveReport, 'move' | 'handled' | 'goesOn'>> {
  const { queues, now } = deps;
  const target = DEAD_LETTER_QUEUES[queue];
  if (target.way === 'move') return { move: await moveDeadLetters(queues, queue, target.to), goesOn: false };
  return drainDeadLetters(queues, queue, { handle: (body) => handle(deps, target, body), now });
}

type OneByOne = Exclude<(typeof DEAD_LETTER_QUEUES)[DeadLetterQueueName], { way: 'move' }>;

async function handle(deps: DeadLettersDependencies, target: OneByOne, body: string): Promise<Handled> {
  if (target.way === 'start') return restartRuns(deps, body);
  if (target.way === 'invoke') return (await deps.callFunction(target.function, body)) ? 'invoked' : 'failed-again';
  await sendToQueue(deps.queues, target.to, { body, attributes: {} });
  return 'sent';
}

/** A message names the event but not which of its workflows failed. The records and Lambda know that. */
async function restartRuns(deps: DeadLettersDependencies, body: string): Promise<Handled> {
  const content = parseJson(body);
  const replay = ReplayStart.safeParse(content).data;
  if (replay) return continueReplay(deps, replay);
  const start = WorkflowStart.safeParse(content).data;
  if (!start) return 'unreadable';
  const event = await findEvent(deps.table, start.tenant, start.account, start.eventId);
  if (!event) return 'unknown-event';
  const { start: workflows, configuration = '' } = decisionInForce(event);
  // A workflow that makes an offer starts the offer's run, so the event's decision does not list it.
  const offered = workflows.includes(OFFER_WORKFLOW) || !(await findRun(deps.table, { ...start, workflow: OFFER_WORKFLOW }));
  const started: WorkflowName[] = offered ? workflows : [...workflows, OFFER_WORKFLOW];
  const outcomes = await settleAll(started.map((workflow) => restart(deps, { ...start, workflow }, configuration)));
  return outcomes.find((outcome) => outcome === 'started') ?? outcomes[0] ?? 'started-nothing';
}

async function restart(
  deps: DeadLettersDependencies,
  { workflow, ...start }: WorkflowStart & { workflow: WorkflowName },
  configuration: string,
): Promise<Handled> {
  const { table, isRunning, startExecution, now } = deps;
  const redeemed = workflow === OFFER_WORKFLOW ? await redeemAgain(deps, start) : undefined;
  if (redeemed !== undefined) return redeemed;
  const was = await findRun(table, { ...start, workflow });
  if (was?.state === 'finished' && was.result?.outcome !== 'failed') return 'already-finished';
  if (await isRunning(workflow, start.eventId, was?.redrives ?? 0)) return 'still-running';
  const redriven = await redriveRun(table, { ...start, workflow }, { was, configuration, at: now() });
  if (redriven.outcome === 'conflict') return 'still-running';
  await startExecution(workflow, start, redriven.redrive);
  return 'started';
}

/**
 * The runs of a retried redemption share the record of the offer's first run. An offer that is neither redeemed nor stuck while no run is
 * active shows that such a run broke off. This starts the next one.
 *
 * @returns undefined when there was no retry, or nothing is left to redeem.
 */
async function redeemAgain(
  { table, isRunning, startExecution, now }: DeadLettersDependencies,
  start: WorkflowStart,
): Promise<Handled | undefined> {
  const target = { tenant: start.tenant, account: start.account, offerId: start.eventId };
  const offer = await findOffer(table, target);
  const isOwed = offer?.state === 'accepted' || offer?.state === 'redeeming';
  if (!isOwed || offer.retries === undefined) return undefined;
  if (await isRunning(OFFER_WORKFLOW, start.eventId, retryNumber(offer))) return 'still-running';
  await markOfferStuck(table, target, 'run-failed', now());
  const retried = await retryOffer(table, target);
  if (retried?.outcome !== 'done') return 'still-running';
  await startExecution(OFFER_WORKFLOW, start, retryNumber(retried.record));
  return 'started';
}

/** The new execution resumes where the stored replay stands. */
async function continueReplay({ table, startReplay }: DeadLettersDependencies, start: ReplayStart): Promise<Handled> {
  const part = await nextPart(table, start);
  if (part === undefined) return 'already-finished';
  await startReplay({ ...start, part });
  return 'started';
}

function liveDependencies(): DeadLettersDependencies {
  const { tableName, stage, functionPrefix, queuesUrl } = readSettings(['tableName', 'stage', 'functionPrefix', 'queuesUrl']);
  return {
    table: createTableClient(tableName),
    queues: createQueues({ queuesUrl, functionPrefix }),
    startExecution: createExecutionStarter({ stage, functionPrefix }),
    startReplay: createReplayExecutions({ stage, functionPrefix }),
    isRunning: createExecutionStatusReader({ stage, functionPrefix }),
    callFunction: createFunctionCaller({ functionPrefix }),
    now: () => Date.now(),
  };
}

export const handler = createHandler(liveDependencies());
