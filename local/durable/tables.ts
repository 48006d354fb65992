import type { DatabaseSync } from 'node:sqlite';

/** Times are milliseconds since the epoch. */
export function createDurableTables(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS durable_executions (
      sequence INTEGER PRIMARY KEY,
      arn TEXT NOT NULL UNIQUE,
      function_key TEXT NOT NULL,
      name TEXT NOT NULL,
      input TEXT NOT NULL,
      status TEXT NOT NULL,
      result TEXT,
      error TEXT,
      started_at INTEGER NOT NULL,
      finished_at INTEGER,
      times_out_at INTEGER NOT NULL,
      invoke_at INTEGER,
      failed_invocations INTEGER NOT NULL DEFAULT 0,
      UNIQUE (function_key, name)
    );
    CREATE INDEX IF NOT EXISTS durable_executions_invoke ON durable_executions (invoke_at) WHERE invoke_at IS NOT NULL;
    CREATE INDEX IF NOT EXISTS durable_executions_timeout ON durable_executions (times_out_at) WHERE status = 'RUNNING' AND invoke_at IS NULL;
    CREATE INDEX IF NOT EXISTS durable_executions_ended ON durable_executions (finished_at) WHERE finished_at IS NOT NULL;
    CREATE TABLE IF NOT EXISTS durable_operations (
      position INTEGER PRIMARY KEY,
      execution INTEGER NOT NULL,
      id TEXT NOT NULL,
      operation TEXT NOT NULL,
      pending INTEGER NOT NULL,
      due_at INTEGER,
      timeout_at INTEGER,
      heartbeat_seconds INTEGER,
      callback_id TEXT,
      UNIQUE (execution, id)
    );
    CREATE INDEX IF NOT EXISTS durable_operations_due ON durable_operations (due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX IF NOT EXISTS durable_operations_pending ON durable_operations (execution) WHERE pending = 1;
    CREATE UNIQUE INDEX IF NOT EXISTS durable_operations_callback ON durable_operations (callback_id) WHERE callback_id IS NOT NULL;
  `);
}
