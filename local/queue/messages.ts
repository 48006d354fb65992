import { createHash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { State } from '../state.ts';
import { inTransaction } from '../state.ts';
import type { QueueSettings } from './settings.ts';

/** A message in a consumer's hands; times in milliseconds since the epoch. */
export type StoredMessage = {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  sentAt: number;
  firstReceivedAt: number;
  receiveCount: number;
};

/** `inFlight`: in the function's hands; `delayed`: failed, hidden until their visibility timeout ends (SQS counts both as not visible). */
export type QueueCounts = { visible: number; inFlight: number; delayed: number; dead: number };

export type QueueMessages = {
  add(body: string, now: number): string;
  /** Takes the next batch into a consumer's hands; empty when there is none now. */
  receive(now: number): StoredMessage[];
  /** Gives a batch back: those that failed stay hidden until their visibility timeout ends, the others are deleted. */
  settle(batch: string[], failed: string[]): void;
  /** When a message is next to be received; undefined when none waits. */
  nextTurnAt(now: number): number | undefined;
  counts(now: number): QueueCounts;
};

type Row = { message_id: string; body: string; sent_at: number; first_received_at: number | null; receive_count: number };

/** The messages of one queue, on disk. */
export function openMessages(state: State, queue: string, settings: QueueSettings): QueueMessages {
  const { db } = state;
  createTable(db);
  // The consumer that held these messages ended with its process, so nobody will delete them: SQS would hide them until the
  // visibility timeout ends, which only guards against a consumer that may still be at work.
  db.prepare('UPDATE queue_messages SET held = 0, visible_at = 0 WHERE queue = ? AND held = 1').run(queue);

  const insert = db.prepare('INSERT INTO queue_messages (queue, message_id, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)');
  const available = db.prepare(
    `SELECT message_id, body, sent_at, first_received_at, receive_count FROM queue_messages
     WHERE queue = ? AND dead = 0 AND held = 0 AND visible_at <= ? ORDER BY visible_at, sequence LIMIT ?`,
  );
  const hold = db.prepare(
    `UPDATE queue_messages SET held = 1, visible_at = ?, receive_count = receive_count + 1, first_received_at = coalesce(first_received_at, ?)
     WHERE queue = ? AND message_id = ?`,
  );
  const bury = db.prepare('UPDATE queue_messages SET dead = 1 WHERE queue = ? AND message_id = ?');
  // Only messages that had their turn expire: a clock moved ahead by days must not drop what the function would long have taken.
  const expire = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND held = 0 AND receive_count > 0 AND sent_at < ?');
  const release = db.prepare('UPDATE queue_messages SET held = 0 WHERE queue = ? AND message_id = ?');
  const remove = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND message_id = ?');
  const earliest = db.prepare('SELECT min(visible_at) AS at FROM queue_messages WHERE queue = ? AND dead = 0 AND held = 0');
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE dead = 0 AND held = 0 AND visible_at <= ?) AS visible, count(*) FILTER (WHERE held = 1) AS in_flight,
       count(*) FILTER (WHERE dead = 0 AND held = 0 AND visible_at > ?) AS delayed, count(*) FILTER (WHERE dead = 1) AS dead
     FROM queue_messages WHERE queue = ?`,
  );

  /** What may be received now; messages received too often move to the dead letters at their turn, as with SQS. */
  function nextRows(now: number): Row[] {
    const rows = available.all(queue, now, settings.batchSize) as Row[];
    const spent = rows.filter((row) => row.receive_count >= settings.maxReceiveCount);
    for (const row of spent) bury.run(queue, row.message_id);
    return spent.length === 0 ? rows : nextRows(now);
  }

  /** A batch that is not full waits for more until its first message has waited for the whole window. */
  function gathers(rows: Row[], now: number): boolean {
    const windowMs = settings.maximumBatchingWindowSeconds * 1_000;
    return rows.length < settings.batchSize && rows.every((row) => row.receive_count === 0 && now < row.sent_at + windowMs);
  }

  return {
    add(body, now) {
      const messageId = randomUUID();
      insert.run(queue, messageId, body, now, now);
      return messageId;
    },
    receive: (now) =>
      inTransaction(state, () => {
        expire.run(queue, now - settings.retentionSeconds * 1_000);
        const rows = nextRows(now);
        if (gathers(rows, now)) return [];
        for (const row of rows) hold.run(now + settings.visibilityTimeoutSeconds * 1_000, now, queue, row.message_id);
        return rows.map((row) => toMessage(row, now));
      }),
    settle: (batch, failed) =>
      inTransaction(state, () => {
        const kept = new Set(failed);
        for (const id of batch) (kept.has(id) ? release : remove).run(queue, id);
      }),
    nextTurnAt(now) {
      const at = earliest.get(queue)?.at;
      if (typeof at !== 'number') return undefined;
      return at <= now ? at + settings.maximumBatchingWindowSeconds * 1_000 : at;
    },
    counts(now) {
      const row = count.get(now, now, queue);
      return { visible: Number(row?.visible), inFlight: Number(row?.in_flight), delayed: Number(row?.delayed), dead: Number(row?.dead) };
    },
  };
}

function createTable(db: DatabaseSync): void {
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
      dead INTEGER NOT NULL DEFAULT 0,
      UNIQUE (queue, message_id)
    );
    CREATE INDEX IF NOT EXISTS queue_messages_waiting ON queue_messages (queue, visible_at, sequence) WHERE dead = 0 AND held = 0;
    CREATE INDEX IF NOT EXISTS queue_messages_received ON queue_messages (queue, sent_at) WHERE held = 0 AND receive_count > 0;
  `);
}

function toMessage(row: Row, now: number): StoredMessage {
  return {
    messageId: row.message_id,
    receiptHandle: randomUUID(),
    body: row.body,
    md5OfBody: createHash('md5').update(row.body).digest('hex'),
    sentAt: row.sent_at,
    firstReceivedAt: row.first_received_at ?? now,
    receiveCount: row.receive_count + 1,
  };
}
