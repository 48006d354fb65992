import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { putOnce, type Table, writeIf } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { runKey } from '../schemas/keys.ts';
import type { RunRecord, RunReference } from '../workflows/engine/run-records.ts';

/**
 * Redrives a run that failed or never started. From none, `running` (its execution died) or `finished` as failed, to `running`. Earlier
 * failures stay in the record.
 *
 * @param options `was`: the record as the caller read it; `at` in milliseconds since the epoch.
 * @returns the redrive's number, for the name of the new execution, or `conflict` when the run succeeded or another redrive was faster.
 */
export async function redriveRun(
  table: Table,
  run: RunReference,
  { was, configuration, at }: { was: RunRecord | undefined; configuration: string; at: number },
): Promise<{ outcome: 'done'; redrive: number } | { outcome: 'conflict' }> {
  const key = runKey(run.tenant, run.account, run.eventId, run.workflow);
  if (was) return (await restart(table, key, was)) ? { outcome: 'done', redrive: (was.redrives ?? 0) + 1 } : { outcome: 'conflict' };
  const record: RunRecord = { workflow: run.workflow, state: 'running', configuration, startedAt: isoTime(at), waits: [], redrives: 1 };
  const { outcome } = await putOnce(table, { ...key, ...record });
  return outcome === 'done' ? { outcome, redrive: 1 } : { outcome: 'conflict' };
}

async function restart(table: Table, key: ReturnType<typeof runKey>, was: RunRecord): Promise<boolean> {
  const { state, finishedAt, result, redrives, failures = [] } = was;
  if (state === 'finished' && result?.outcome !== 'failed') return false;
  const asFound = redrives === undefined ? 'attribute_not_exists(redrives)' : 'redrives = :before';
  return writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: key,
      UpdateExpression: 'SET #state = :running, redrives = :redrives, failures = :failures REMOVE finishedAt, #result',
      ConditionExpression: `#state = :state AND ${asFound}`,
      ExpressionAttributeNames: { '#state': 'state', '#result': 'result' },
      ExpressionAttributeValues: {
        ':running': 'running',
        ':redrives': (redrives ?? 0) + 1,
        ':failures': finishedAt && result ? [...failures, { finishedAt, result }] : failures,
        ':state': state,
        ...(redrives === undefined ? {} : { ':before': redrives }),
      },
    }),
  );
}
