import { findEvent } from '../ingest/event-records.ts';
import { parseJson } from '../platform/parse-json.ts';
import { settleAll } from '../platform/settle-all.ts';
import type { Table } from '../platform/table.ts';
import { decisionInForce } from '../schemas/event/recorded-event.ts';
import { OFFER_WORKFLOW } from '../schemas/offer/offer-record.ts';
import type { Handled } from '../schemas/operations/dead-letters.ts';
import { ReplayStart } from '../schemas/operations/replay.ts';
import type { WorkflowName } from '../schemas/run/workflow.ts';
import { WorkflowStart } from '../schemas/run/workflow-start.ts';
import type { IsRunning } from '../workflows/engine/execution-status.ts';
import { findRun } from '../workflows/engine/run-records.ts';
import type { StartExecution } from '../workflows/engine/start-execution.ts';
import type { StartReplay } from './replay-executions.ts';
import { nextPart } from './replay-records.ts';
import { redriveRun } from './run-redrives.ts';

/** `now` is in milliseconds since the epoch. */
export type RestartSources = {
  table: Table;
  startExecution: StartExecution;
  startReplay: StartReplay;
  isRunning: IsRunning;
  /** Starts the next run of an offer whose retried redemption broke off. Undefined when there is none to start. */
  redeemAgain: (start: WorkflowStart) => Promise<'still-running' | 'started' | undefined>;
  now: () => number;
};

/**
 * Restarts what the workflows' dead-letter queue holds: a replay, or the runs of an event. The message names the event but not which of its
 * workflows failed. The records and Lambda know that.
 */
export async function restartRuns(sources: RestartSources, body: string): Promise<Handled> {
  const content = parseJson(body);
  const replay = ReplayStart.safeParse(content).data;
  if (replay) return continueReplay(sources, replay);
  const start = WorkflowStart.safeParse(content).data;
  if (!start) return 'unreadable';
  const event = await findEvent(sources.table, start.tenant, start.account, start.eventId);
  if (!event) return 'unknown-event';
  const { start: workflows, configuration = '' } = decisionInForce(event);
  // A workflow that makes an offer starts the offer's run, so the event's decision does not list it.
  const offered = workflows.includes(OFFER_WORKFLOW) || !(await findRun(sources.table, { ...start, workflow: OFFER_WORKFLOW }));
  const started: WorkflowName[] = offered ? workflows : [...workflows, OFFER_WORKFLOW];
  const outcomes = await settleAll(started.map((workflow) => restart(sources, { ...start, workflow }, configuration)));
  return outcomes.find((outcome) => outcome === 'started') ?? outcomes[0] ?? 'started-nothing';
}

async function restart(
  { table, isRunning, startExecution, redeemAgain, now }: RestartSources,
  { workflow, ...start }: WorkflowStart & { workflow: WorkflowName },
  configuration: string,
): Promise<Handled> {
  const redeemed = workflow === OFFER_WORKFLOW ? await redeemAgain(start) : undefined;
  if (redeemed !== undefined) return redeemed;
  const was = await findRun(table, { ...start, workflow });
  if (was?.state === 'finished' && was.result?.outcome !== 'failed') return 'already-finished';
  if (await isRunning(workflow, start.eventId, was?.redrives ?? 0)) return 'still-running';
  const redriven = await redriveRun(table, { ...start, workflow }, { was, configuration, at: now() });
  if (redriven.outcome === 'conflict') return 'still-running';
  await startExecution(workflow, start, redriven.redrive);
  return 'started';
}

/** The new execution resumes where the stored replay stands. */
async function continueReplay({ table, startReplay }: RestartSources, start: ReplayStart): Promise<Handled> {
  const part = await nextPart(table, start);
  if (part === undefined) return 'already-finished';
  await startReplay({ ...start, part });
  return 'started';
}
