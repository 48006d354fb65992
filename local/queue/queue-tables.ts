import type { DatabaseSync } from 'node:sqlite';

/** Times are milliseconds since the epoch. */
export function createQueueTables(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS queue_messages (
      sequence INTEGER PRIMARY KEY,
      queue TEXT NOT NULL,
      message_id TEXT NOT NULL,
      body TEXT NOT NULL,
      sent_at INTEGER NOT NULL,
      visible_at INTEGER NOT NULL,
      first_received_at INTEGER,
      receive_count INTEGER NOT NULL DEFAULT 0,
      held INTEGER NOT NULL DEFAULT 0,
      attributes TEXT NOT NULL DEFAULT '{}',
      died_in TEXT,
      receipt TEXT,
      UNIQUE (queue, message_id)
    );
    CREATE TABLE IF NOT EXISTS queue_move_tasks (
      sequence INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      destination TEXT,
      moved INTEGER NOT NULL,
      started_at INTEGER NOT NULL
    );
    CREATE INDEX IF NOT EXISTS queue_messages_next ON queue_messages (queue, visible_at, sequence) WHERE held = 0;
    CREATE INDEX IF NOT EXISTS queue_messages_received ON queue_messages (queue, sent_at) WHERE held = 0 AND receive_count > 0;
    CREATE INDEX IF NOT EXISTS queue_messages_dead ON queue_messages (queue, died_in) WHERE died_in IS NOT NULL;
  `);
}
