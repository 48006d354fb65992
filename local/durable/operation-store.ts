import type { State } from '../state.ts';
import type { Operation, TrackedOperation } from './operation.ts';
import { isPending } from './operation.ts';
import { createDurableTables } from './tables.ts';

export type OwnedOperation = TrackedOperation & { execution: number };

export type OperationPage = { operations: Operation[]; nextPosition?: number };

export type OperationStore = ReturnType<typeof createOperationStore>;

type Row = {
  position: number;
  execution: number;
  operation: string;
  due_at: number | null;
  timeout_at: number | null;
  heartbeat_seconds: number | null;
};

const columns = 'position, execution, operation, due_at, timeout_at, heartbeat_seconds';

export function createOperationStore(state: State) {
  const { db } = state;
  createDurableTables(db);
  const one = db.prepare(`SELECT ${columns} FROM durable_operations WHERE execution = ? AND id = ?`);
  const byCallback = db.prepare(`SELECT ${columns} FROM durable_operations WHERE callback_id = ?`);
  const page = db.prepare(`SELECT ${columns} FROM durable_operations WHERE execution = ? AND position > ? ORDER BY position LIMIT ?`);
  const due = db.prepare(`SELECT ${columns} FROM durable_operations WHERE due_at <= ? ORDER BY due_at LIMIT ?`);
  const pending = db.prepare('SELECT 1 FROM durable_operations WHERE execution = ? AND pending = 1 LIMIT 1');
  const count = db.prepare('SELECT count(*) AS n FROM durable_operations WHERE execution = ?');
  const save = db.prepare(
    `INSERT INTO durable_operations (execution, id, operation, pending, due_at, timeout_at, heartbeat_seconds, callback_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (execution, id) DO UPDATE SET operation = excluded.operation, pending = excluded.pending, due_at = excluded.due_at,
       timeout_at = excluded.timeout_at, heartbeat_seconds = excluded.heartbeat_seconds`,
  );

  return {
    get: (execution: number, id: string) => toOwned(one.get(execution, id) as Row | undefined),
    byCallback: (callbackId: string) => toOwned(byCallback.get(callbackId) as Row | undefined),
    /** In order of first checkpoint, after the position. */
    page(execution: number, afterPosition: number, limit: number): OperationPage {
      const rows = page.all(execution, afterPosition, limit) as Row[];
      const last = rows.at(-1);
      const operations = rows.map((row) => JSON.parse(row.operation) as Operation);
      return last && rows.length === limit ? { operations, nextPosition: last.position } : { operations };
    },
    due: (now: number, limit: number) => (due.all(now, limit) as Row[]).map((row) => toOwned(row)).filter((owned) => owned !== undefined),
    hasPending: (execution: number) => pending.get(execution) !== undefined,
    count: (execution: number) => Number(count.get(execution)?.n),
    save(execution: number, tracked: TrackedOperation): void {
      const { operation, dueAt, timeoutAt, heartbeatSeconds } = tracked;
      save.run(
        execution,
        operation.Id,
        JSON.stringify(operation),
        isPending(operation) ? 1 : 0,
        dueAt ?? null,
        timeoutAt ?? null,
        heartbeatSeconds ?? null,
        operation.CallbackDetails?.CallbackId ?? null,
      );
    },
  };
}

function toOwned(row: Row | undefined): OwnedOperation | undefined {
  if (!row) return undefined;
  return {
    execution: row.execution,
    operation: JSON.parse(row.operation) as Operation,
    dueAt: row.due_at ?? undefined,
    timeoutAt: row.timeout_at ?? undefined,
    heartbeatSeconds: row.heartbeat_seconds ?? undefined,
  };
}
