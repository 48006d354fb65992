import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { inTransaction, type State } from '../state.ts';
import type { MessageAttributes } from './messages.ts';
import { createQueueTables } from './queue-tables.ts';

export type ReceivedMessage = {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes: Record<string, string>;
  MessageAttributes: MessageAttributes;
};

export type MoveTask = { handle: string; destination: string | undefined; moved: number; startedAt: number };

export type SqsStore = ReturnType<typeof createSqsStore>;

type Row = { sequence: number; message_id: string; body: string; attributes: string; sent_at: number; receive_count: number };

/** The messages of any queue, for consumers other than the Lambda mapping. */
export function createSqsStore(state: State, clock: Clock) {
  const { db } = state;
  createQueueTables(db);
  const insert = db.prepare(
    'INSERT INTO queue_messages (queue, message_id, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND held = 0 AND sent_at < ?');
  const available = db.prepare(
    `SELECT sequence, message_id, body, attributes, sent_at, receive_count FROM queue_messages
     WHERE queue = ? AND held = 0 AND visible_at <= ? ORDER BY visible_at, sequence LIMIT ?`,
  );
  const take = db.prepare(
    `UPDATE queue_messages SET receipt = ?, visible_at = ?, receive_count = receive_count + 1,
       first_received_at = coalesce(first_received_at, ?) WHERE sequence = ?`,
  );
  const remove = db.prepare('DELETE FROM queue_messages WHERE queue = ? AND receipt = ?');
  const removeRow = db.prepare('DELETE FROM queue_messages WHERE sequence = ?');
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE held = 0 AND visible_at <= ?) AS visible, count(*) FILTER (WHERE held = 1 OR visible_at > ?) AS hidden
     FROM queue_messages WHERE queue = ?`,
  );
  const recordTask = db.prepare('INSERT INTO queue_move_tasks (source, destination, moved, started_at) VALUES (?, ?, ?, ?)');
  const tasks = db.prepare('SELECT * FROM queue_move_tasks WHERE source = ? ORDER BY sequence DESC LIMIT ?');

  function send(queue: string, body: string, attributes: MessageAttributes): string {
    const messageId = randomUUID();
    insert.run(queue, messageId, body, JSON.stringify(attributes), clock.now(), clock.now());
    return messageId;
  }

  return {
    send,
    /** Deletes messages past the queue's retention. */
    forgetBefore: (queue: string, time: number) => void forget.run(queue, time),
    receive: (queue: string, limit: number, visibilitySeconds: number): ReceivedMessage[] =>
      inTransaction(state, () =>
        (available.all(queue, clock.now(), limit) as Row[]).map((row) => {
          const receipt = randomUUID();
          take.run(receipt, clock.now() + visibilitySeconds * 1_000, clock.now(), row.sequence);
          return toMessage(row, receipt);
        }),
      ),
    delete: (queue: string, receipt: string) => void remove.run(queue, receipt),
    counts(queue: string): { visible: number; hidden: number } {
      const row = count.get(clock.now(), clock.now(), queue);
      return { visible: Number(row?.visible), hidden: Number(row?.hidden) };
    },
    /** Moves all visible messages or none. As in SQS, they arrive as new messages. */
    move: (source: string, destination: string, named: string | undefined): string =>
      inTransaction(state, () => {
        const rows = available.all(source, clock.now(), -1) as Row[];
        for (const row of rows) {
          send(destination, row.body, JSON.parse(row.attributes) as MessageAttributes);
          removeRow.run(row.sequence);
        }
        return handleOf(recordTask.run(source, named ?? null, rows.length, clock.now()).lastInsertRowid);
      }),
    tasks: (source: string, limit: number): MoveTask[] =>
      tasks.all(source, limit).map((row) => ({
        handle: handleOf(Number(row.sequence)),
        destination: typeof row.destination === 'string' ? row.destination : undefined,
        moved: Number(row.moved),
        startedAt: Number(row.started_at),
      })),
  };
}

function handleOf(sequence: number | bigint): string {
  return Buffer.from(`task-${sequence}`).toString('base64');
}

function toMessage(row: Row, receipt: string): ReceivedMessage {
  return {
    MessageId: row.message_id,
    ReceiptHandle: receipt,
    Body: row.body,
    MD5OfBody: md5(row.body),
    Attributes: { ApproximateReceiveCount: String(row.receive_count + 1), SentTimestamp: String(row.sent_at) },
    MessageAttributes: JSON.parse(row.attributes) as MessageAttributes,
  };
}

/** SQS returns it so that a sender can detect a damaged message. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
