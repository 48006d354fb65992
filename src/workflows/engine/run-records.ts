import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { putOnce, readItem, readRange, type Table, writeIf } from '../../platform/table.ts';
import { isoTime } from '../../platform/time.ts';
import { transact } from '../../platform/transact.ts';
import { accountPartition, runKey } from '../../schemas/keys.ts';
import { RunNote } from '../../schemas/run/run-note.ts';
import { RunOutcome, WorkflowName } from '../../schemas/run/workflow.ts';
import type { WorkflowStart } from '../../schemas/run/workflow-start.ts';

const MAX_RUNS_OF_EVENT = 50;

export const RunStep = z.object({ step: z.string(), at: z.string(), until: z.string().optional() });
export type RunStep = z.infer<typeof RunStep>;

export const RunRecord = z.object({
  workflow: WorkflowName,
  state: z.enum(['running', 'finished']),
  configuration: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  result: RunOutcome.optional(),
  waits: z.array(RunStep).default([]).transform(eachOnce),
  /** Deviations and facts from other systems. */
  notes: z.array(RunNote).optional(),
  repeats: z.int().optional(),
  lastRepeatAt: z.string().optional(),
  redrives: z.int().optional(),
  failures: z.array(z.object({ finishedAt: z.string(), result: RunOutcome })).optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** An interrupted step or a redriven run records its wait again: the last one is in force. */
function eachOnce(waits: RunStep[]): RunStep[] {
  return waits.filter(({ step }, index) => waits.findLastIndex((wait) => wait.step === step) === index);
}

export type RunReference = WorkflowStart & { workflow: WorkflowName };

/**
 * From none to `running`.
 *
 * @param begin `at` in milliseconds since the epoch; `expiresAt` is the event's, so that both expire together.
 * @returns the version that the run keeps: that of the first write, however often the step is retried.
 */
export async function startRun(
  table: Table,
  run: RunReference,
  { configuration, expiresAt, at }: { configuration: string; expiresAt?: number | undefined; at: number },
): Promise<{ configuration: string }> {
  const record: RunRecord = { workflow: run.workflow, state: 'running', configuration, startedAt: isoTime(at), waits: [] };
  const result = await putOnce(table, { ...runKey(run.tenant, run.account, run.eventId, run.workflow), ...record, expiresAt });
  return { configuration: result.outcome === 'done' ? configuration : RunRecord.parse(result.stored).configuration };
}

/**
 * A retried step may record a wait twice, with the same `until`.
 *
 * @param wait `at` in milliseconds since the epoch, `until` as RFC 3339.
 */
export function recordWait(table: Table, run: RunReference, wait: { waitingFor: string; until: string; at: number }): Promise<void> {
  return append(table, run, 'waits', { step: wait.waitingFor, at: isoTime(wait.at), until: wait.until } satisfies RunStep);
}

export function recordFinding(table: Table, run: RunReference, finding: RunNote): Promise<void> {
  return append(table, run, 'notes', finding);
}

async function append(table: Table, run: RunReference, list: 'waits' | 'notes', entry: RunStep | RunNote): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: runKey(run.tenant, run.account, run.eventId, run.workflow),
      UpdateExpression: 'SET #list = list_append(if_not_exists(#list, :none), :entry)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#list': list },
      ExpressionAttributeValues: { ':none': [], ':entry': [entry] },
    }),
  );
}

/**
 * From `running` to `finished`. The same write counts a run that is part of another run's episode there, so a repeat counts once.
 *
 * @returns `already-done` when it finished with the same outcome before, `conflict` with another one: the first write wins.
 */
export async function finishRun(
  table: Table,
  run: RunReference,
  result: RunOutcome,
  at: number,
): Promise<'done' | 'already-done' | 'conflict'> {
  const end = endUpdate(table, run, result, at);
  const isOver =
    result.outcome === 'part-of-episode' && result.event !== undefined
      ? await endCounted(table, end, { ...run, eventId: result.event })
      : await writeIf(table, new UpdateCommand(end));
  if (isOver) return 'done';
  return (await findRun(table, run))?.result?.outcome === result.outcome ? 'already-done' : 'conflict';
}

type EndUpdate = ReturnType<typeof endUpdate>;

function endUpdate(table: Table, { tenant, account, eventId, workflow }: RunReference, result: RunOutcome, at: number) {
  return {
    TableName: table.name,
    Key: runKey(tenant, account, eventId, workflow),
    UpdateExpression: 'SET #state = :finished, #result = :result, finishedAt = :at',
    ConditionExpression: '#state = :running',
    ExpressionAttributeNames: { '#state': 'state', '#result': 'result' },
    ExpressionAttributeValues: { ':running': 'running', ':finished': 'finished', ':result': result, ':at': isoTime(at) },
  };
}

/** Finishes the run and counts it on the episode's run: both or neither. */
async function endCounted(table: Table, end: EndUpdate, run: RunReference): Promise<boolean> {
  const count = {
    TableName: table.name,
    Key: runKey(run.tenant, run.account, run.eventId, run.workflow),
    UpdateExpression: 'SET lastRepeatAt = :at ADD repeats :one',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':one': 1, ':at': end.ExpressionAttributeValues[':at'] },
  };
  const failed = await transact(table, [{ Update: end }, { Update: count }]);
  if (failed === undefined) return true;
  const [isOver] = failed;
  // Otherwise the episode's run has expired, so there is nothing to count on.
  return isOver ? false : writeIf(table, new UpdateCommand(end));
}

export async function findRun(table: Table, run: RunReference): Promise<RunRecord | undefined> {
  const item = await readItem(table, runKey(run.tenant, run.account, run.eventId, run.workflow));
  return item && RunRecord.parse(item);
}

export async function listRuns(table: Table, tenant: string, account: string, eventId: string): Promise<RunRecord[]> {
  const range = { partition: accountPartition(tenant, account), from: `RUN#${eventId}#`, to: `RUN#${eventId}#~`, descending: false };
  const { items } = await readRange(table, range, MAX_RUNS_OF_EVENT);
  return items.map((item) => RunRecord.parse(item));
}
