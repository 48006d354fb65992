import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { RunOutcome, WorkflowName, type WorkflowStart } from '../schemas/workflow.ts';
import { accountPartition, runKey } from './keys.ts';
import { putOnce, readRange, type Table } from './table.ts';

const MOST_RUNS_OF_EVENT = 50;

/** A workflow's run for one event, as it stands on record. */
export const RunRecord = z.object({
  workflow: WorkflowName,
  state: z.enum(['running', 'ended']),
  configuration: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  result: RunOutcome.optional(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** Which run, under which version of the tenant's configuration. */
export type RunReference = WorkflowStart & { workflow: WorkflowName };

/**
 * Notes that a run has begun. From none to `running`.
 *
 * @param at milliseconds since the epoch.
 * @returns the version of the configuration that the run keeps to: that of the first note, however often the step is tried.
 */
export async function beginRun(table: Table, run: RunReference, configuration: string, at: number): Promise<{ configuration: string }> {
  const record: RunRecord = { workflow: run.workflow, state: 'running', configuration, startedAt: new Date(at).toISOString() };
  const result = await putOnce(table, { ...runKey(run.tenant, run.account, run.eventId, run.workflow), ...record });
  return { configuration: result.outcome === 'done' ? configuration : RunRecord.parse(result.stored).configuration };
}

/** Notes how a run ended. From `running`, or `ended` by an earlier try of the same step, to `ended`. */
export async function endRun(table: Table, run: RunReference, result: RunOutcome, at: number): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: runKey(run.tenant, run.account, run.eventId, run.workflow),
      UpdateExpression: 'SET #state = :ended, #result = :result, endedAt = if_not_exists(endedAt, :at)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state', '#result': 'result' },
      ExpressionAttributeValues: { ':ended': 'ended', ':result': result, ':at': new Date(at).toISOString() },
    }),
  );
}

/** The runs that one event started. */
export async function listRuns(table: Table, tenant: string, account: string, eventId: string): Promise<RunRecord[]> {
  const range = { partition: accountPartition(tenant, account), from: `RUN#${eventId}#`, to: `RUN#${eventId}#~`, descending: false };
  const { items } = await readRange(table, range, MOST_RUNS_OF_EVENT);
  return items.map((item) => RunRecord.parse(item));
}
