import { createHash, randomUUID } from 'node:crypto';
import type { State } from '../state.ts';
import { inTransaction } from '../state.ts';
import { createQueueTables } from './queue-tables.ts';
import type { QueueSettings } from './settings.ts';

export type MessageAttributes = Record<string, { DataType: string; StringValue: string }>;

/** A received message. Times in milliseconds since the epoch. */
export type StoredMessage = {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: MessageAttributes;
  md5OfBody: string;
  sentAt: number;
  firstReceivedAt: number;
  receiveCount: number;
};

/** `inFlight`: being processed; `delayed`: failed and hidden until the visibility timeout ends (SQS counts both as not visible). */
export type QueueCounts = { visible: number; inFlight: number; delayed: number; dead: number };

export type QueueMessages = {
  add(message: { body: string; attributes?: MessageAttributes | undefined }, now: number): string;
  /** Empty when there is no batch now. */
  receive(now: number): StoredMessage[];
  /** Failed messages stay hidden until their visibility timeout ends; the others are deleted. */
  settle(batch: string[], failed: string[]): void;
  /** Undefined when no message waits. */
  nextTurnAt(now: number): number | undefined;
  counts(now: number): QueueCounts;
};

type Row = {
  message_id: string;
  body: string;
  attributes: string;
  sent_at: number;
  first_received_at: number | null;
  receive_count: number;
};

/** Also holds the messages in the dead-letter queue that died in this queue. */
export function createMessageTable(state: State, queue: string, settings: QueueSettings): QueueMessages {
  const { db } = state;
  createQueueTables(db);
  const deadLetters = settings.deadLetterQueue;
  // The consumer of held messages died with its process and will not delete them. SQS would hide them until the visibility timeout ends,
  // but that only guards against a consumer that is still running.
  db.prepare('UPDATE queue_messages SET held = 0, visible_at = 0 WHERE queue = ? AND held = 1').run(queue);

  const insert = db.prepare(
    'INSERT INTO queue_messages (queue, message_id, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const available = db.prepare(
    `SELECT message_id, body, attributes, sent_at, first_received_at, receive_count FROM queue_messages
     WHERE queue = ? AND held = 0 AND visible_at <= ? ORDER BY visible_at, sequence LIMIT ?`,
  );
  const hold = db.prepare(
    `UPDATE queue_messages SET held = 1, visible_at = ?, receive_count = receive_count + 1, first_received_at = coalesce(first_received_at, ?)
     WHERE queue = ? AND message_id = ?`,
  );
  const bury = db.prepare('UPDATE queue_messages SET queue = ?, died_in = ?, visible_at = ? WHERE queue = ? AND message_id = ?');
  // Only received messages expire: a clock that jumps ahead by days must not drop messages that the function would long have processed.
  const expire = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND held = 0 AND receive_count > 0 AND sent_at < ?');
  const release = db.prepare('UPDATE queue_messages SET held = 0 WHERE queue = ? AND message_id = ?');
  const remove = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND message_id = ?');
  const forgetDead = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND died_in = ? AND sent_at < ?');
  const earliest = db.prepare('SELECT min(visible_at) AS at FROM queue_messages WHERE queue = ? AND held = 0');
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE held = 0 AND visible_at <= ?) AS visible, count(*) FILTER (WHERE held = 1) AS in_flight,
       count(*) FILTER (WHERE held = 0 AND visible_at > ?) AS delayed
     FROM queue_messages WHERE queue = ?`,
  );
  const countDead = db.prepare('SELECT count(*) AS dead FROM queue_messages WHERE queue = ? AND died_in = ?');

  /** Messages received too often move to the dead-letter queue at their next turn, as in SQS. */
  function nextRows(now: number): Row[] {
    const rows = available.all(queue, now, settings.batchSize) as Row[];
    const spent = rows.filter((row) => row.receive_count >= settings.maxReceiveCount);
    for (const row of spent) bury.run(deadLetters.name, queue, now, queue, row.message_id);
    return spent.length === 0 ? rows : nextRows(now);
  }

  /** A partial batch waits until its first message has waited for the whole window. */
  function gathers(rows: Row[], now: number): boolean {
    const windowMs = settings.maximumBatchingWindowSeconds * 1_000;
    return rows.length < settings.batchSize && rows.every((row) => row.receive_count === 0 && now < row.sent_at + windowMs);
  }

  return {
    add({ body, attributes = {} }, now) {
      const messageId = randomUUID();
      insert.run(queue, messageId, body, JSON.stringify(attributes), now, now);
      return messageId;
    },
    receive: (now) =>
      inTransaction(state, () => {
        expire.run(queue, now - settings.retentionSeconds * 1_000);
        forgetDead.run(deadLetters.name, queue, now - deadLetters.retentionSeconds * 1_000);
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
      const dead = countDead.get(deadLetters.name, queue)?.dead;
      return { visible: Number(row?.visible), inFlight: Number(row?.in_flight), delayed: Number(row?.delayed), dead: Number(dead) };
    },
  };
}

function toMessage(row: Row, now: number): StoredMessage {
  return {
    messageId: row.message_id,
    receiptHandle: randomUUID(),
    body: row.body,
    attributes: JSON.parse(row.attributes) as MessageAttributes,
    md5OfBody: createHash('md5').update(row.body).digest('hex'),
    sentAt: row.sent_at,
    firstReceivedAt: row.first_received_at ?? now,
    receiveCount: row.receive_count + 1,
  };
}
