import type { ErrorObject, ExecutionStatus } from '@aws-sdk/client-lambda';
import type { State } from '../state.ts';
import { createDurableTables } from './tables.ts';

/** Times in milliseconds since the epoch. */
export type Execution = {
  sequence: number;
  arn: string;
  functionKey: string;
  name: string;
  /** Stored byte for byte. */
  input: string;
  status: ExecutionStatus;
  result?: string;
  error?: ErrorObject;
  startedAt: number;
  finishedAt?: number;
  failedInvocations: number;
};

export type NewExecution = Pick<Execution, 'arn' | 'functionKey' | 'name' | 'input' | 'startedAt'> & { timesOutAt: number };

export type ExecutionEnd = { status: ExecutionStatus; result?: string | undefined; error?: ErrorObject | undefined };

export type ExecutionFilter = {
  functionKey: string;
  name: string | null;
  statuses: string[] | null;
  startedAfter: number | null;
  startedBefore: number | null;
};

export type ExecutionPage = { oldestFirst: boolean; after: number | null; limit: number };

export type ExecutionStore = ReturnType<typeof createExecutionStore>;

type Row = Record<string, string | number | null>;

const columns = 'sequence, arn, function_key, name, input, status, result, error, started_at, finished_at, failed_invocations';

/** Finished executions stay until their retention ends. */
export function createExecutionStore(state: State) {
  const { db } = state;
  createDurableTables(db);
  const insert = db.prepare(
    `INSERT INTO durable_executions (arn, function_key, name, input, status, started_at, times_out_at, invoke_at)
     VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?)`,
  );
  const byArn = db.prepare(`SELECT ${columns} FROM durable_executions WHERE arn = ?`);
  const bySequence = db.prepare(`SELECT ${columns} FROM durable_executions WHERE sequence = ?`);
  const byName = db.prepare(`SELECT ${columns} FROM durable_executions WHERE function_key = ? AND name = ?`);
  const ready = db.prepare(`SELECT ${columns} FROM durable_executions WHERE invoke_at <= ? ORDER BY invoke_at, sequence LIMIT ?`);
  const schedule = db.prepare('UPDATE durable_executions SET invoke_at = ?, failed_invocations = ? WHERE sequence = ?');
  // A run that waits to retry a failed invocation keeps its time.
  const wake = db.prepare("UPDATE durable_executions SET invoke_at = ? WHERE sequence = ? AND invoke_at IS NULL AND status = 'RUNNING'");
  const finish = db.prepare(
    `UPDATE durable_executions SET status = ?, result = ?, error = ?, finished_at = ?, invoke_at = NULL WHERE sequence = ? AND status = 'RUNNING'`,
  );
  const settleTimers = db.prepare('UPDATE durable_operations SET due_at = NULL, pending = 0 WHERE execution = ?');
  // A run with a pending invocation is not timed out: after a jump of the clock, what was due before the timeout runs first.
  const timedOut = db.prepare(
    `SELECT ${columns} FROM durable_executions WHERE status = 'RUNNING' AND invoke_at IS NULL AND times_out_at <= ?`,
  );
  const forgetOperations = db.prepare(
    'DELETE FROM durable_operations WHERE execution IN (SELECT sequence FROM durable_executions WHERE finished_at < ?)',
  );
  const forget = db.prepare('DELETE FROM durable_executions WHERE finished_at < ?');
  const earliest = db.prepare(`
    SELECT min(at) AS at FROM (
      SELECT min(due_at) AS at FROM durable_operations WHERE due_at IS NOT NULL
      UNION ALL SELECT min(invoke_at) FROM durable_executions WHERE invoke_at > ?
      UNION ALL SELECT min(times_out_at) FROM durable_executions WHERE status = 'RUNNING' AND invoke_at IS NULL
      UNION ALL SELECT min(finished_at) + ? FROM durable_executions WHERE finished_at IS NOT NULL)`);
  const listed = (order: string) =>
    db.prepare(`
      SELECT ${columns} FROM durable_executions WHERE function_key = $functionKey AND ($name IS NULL OR name = $name)
        AND ($statuses IS NULL OR status IN (SELECT value FROM json_each($statuses)))
        AND ($startedAfter IS NULL OR started_at > $startedAfter) AND ($startedBefore IS NULL OR started_at < $startedBefore)
        AND ($after IS NULL OR sequence ${order === 'ASC' ? '>' : '<'} $after)
      ORDER BY sequence ${order} LIMIT $limit`);
  const [oldestFirst, newestFirst] = [listed('ASC'), listed('DESC')];

  return {
    insert(execution: NewExecution): void {
      const { arn, functionKey, name, input, startedAt, timesOutAt } = execution;
      insert.run(arn, functionKey, name, input, startedAt, timesOutAt, startedAt);
    },
    byArn: (arn: string) => toExecution(byArn.get(arn) as Row | undefined),
    bySequence: (sequence: number) => toExecution(bySequence.get(sequence) as Row | undefined),
    byName: (functionKey: string, name: string) => toExecution(byName.get(functionKey, name) as Row | undefined),
    /** Longest waiting first. Includes runs whose invocation is in progress. */
    ready: (now: number, limit: number) => toExecutions(ready.all(now, limit) as Row[]),
    /** `invokeAt` null: an operation wakes the run. */
    schedule: (sequence: number, invokeAt: number | null, failedInvocations: number) =>
      void schedule.run(invokeAt, failedInvocations, sequence),
    wake: (sequence: number, now: number) => void wake.run(now, sequence),
    end(sequence: number, { status, result, error }: ExecutionEnd, now: number): void {
      finish.run(status, result ?? null, error ? JSON.stringify(error) : null, now, sequence);
      settleTimers.run(sequence);
    },
    timedOut: (now: number) => toExecutions(timedOut.all(now) as Row[]),
    forgetEndedBefore(time: number): void {
      forgetOperations.run(time);
      forget.run(time);
    },
    nextDueAt(now: number, retentionMs: number): number | undefined {
      return (earliest.get(now, retentionMs) as Row | undefined)?.at as number | undefined;
    },
    list({ statuses, ...filter }: ExecutionFilter, page: ExecutionPage): Execution[] {
      const statement = page.oldestFirst ? oldestFirst : newestFirst;
      const parameters = { ...filter, statuses: statuses && JSON.stringify(statuses), after: page.after, limit: page.limit };
      return toExecutions(statement.all(parameters) as Row[]);
    },
  };
}

function toExecutions(rows: Row[]): Execution[] {
  return rows.map((row) => toExecution(row)).filter((execution) => execution !== undefined);
}

function toExecution(row: Row | undefined): Execution | undefined {
  if (!row) return undefined;
  return {
    sequence: row.sequence as number,
    arn: row.arn as string,
    functionKey: row.function_key as string,
    name: row.name as string,
    input: row.input as string,
    status: row.status as ExecutionStatus,
    ...(row.result === null ? {} : { result: row.result as string }),
    ...(row.error === null ? {} : { error: JSON.parse(row.error as string) as ErrorObject }),
    startedAt: row.started_at as number,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at as number }),
    failedInvocations: row.failed_invocations as number,
  };
}
