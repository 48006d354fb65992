import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { State } from '../state.ts';

/** `tenant` to `template` are null until a message record names this message. */
export type OutboxEntry = {
  channel: 'sms' | 'email';
  to: string;
  subject?: string;
  text: string;
  html?: string;
  tenant: string | null;
  account: string | null;
  eventId: string | null;
  template: string | null;
  at: string;
};

export type SentMessage = Pick<OutboxEntry, 'channel' | 'to' | 'text' | 'at'> & {
  messageId: string;
  /** Our own id of a mail, from its tag. */
  tag?: string | undefined;
  subject?: string | undefined;
  html?: string | undefined;
};

export type Outbox = {
  /** The message is on disk when this returns. */
  add(message: SentMessage): void;
  /** All messages, oldest first. Waits up to a second for the records of new ones. */
  read(): Promise<OutboxEntry[]>;
};

type Key = { pk: string; sk: string };

const Row = z.object({
  messageId: z.string(),
  channel: z.enum(['sms', 'email']),
  recipient: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  at: z.string(),
  origin: z.string().nullable(),
});
const Ids = z.object({ messageId: z.string(), tag: z.string().nullable() });
type Ids = z.infer<typeof Ids>;
const Lookup = z.object({ targetPk: z.string(), targetSk: z.string() });
const Origin = z.object({ tenant: z.string(), account: z.string(), eventId: z.string(), template: z.string() });
type Origin = z.infer<typeof Origin>;

const unknownOrigin = { tenant: null, account: null, eventId: null, template: null };

/** A record names its message right after sending. After this long, the sender was interrupted. */
const joinMilliseconds = 1_000;

/** BatchGetItem takes 100 keys, and a mail has two. */
const batchSize = 50;

/** Messages that the emulated SNS and SES accepted, joined with the message records by the provider's message id. */
export function createOutbox({ state, client, tableName }: { state: State; client: DynamoDBDocumentClient; tableName: string }): Outbox {
  const { db } = state;
  db.exec(`CREATE TABLE IF NOT EXISTS outbox (
    position INTEGER PRIMARY KEY, messageId TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, recipient TEXT NOT NULL, text TEXT NOT NULL,
    at TEXT NOT NULL, origin TEXT, subject TEXT, html TEXT, tag TEXT
  )`);
  const insert = db.prepare(
    'INSERT INTO outbox (messageId, tag, channel, recipient, subject, text, html, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const select = db.prepare('SELECT messageId, channel, recipient, subject, text, html, at, origin FROM outbox ORDER BY position');
  const selectMissing = db.prepare('SELECT messageId, tag FROM outbox WHERE origin IS NULL');
  const remember = db.prepare('UPDATE outbox SET origin = ? WHERE messageId = ?');
  const accepted = new Set<string>();

  function missing(): Ids[] {
    return z.array(Ids).parse(selectMissing.all());
  }

  function isFresh({ messageId }: Ids): boolean {
    return accepted.has(messageId);
  }

  async function joinMissing(all: Ids[]): Promise<void> {
    for (let start = 0; start < all.length; start += batchSize) {
      const origins = await findOrigins(all.slice(start, start + batchSize), (keys) => getItems({ client, tableName, keys }));
      for (const [messageId, origin] of origins) {
        remember.run(JSON.stringify(origin), messageId);
        accepted.delete(messageId);
      }
    }
  }

  return {
    add: ({ messageId, tag, channel, to, subject, text, html, at }) => {
      insert.run(messageId, tag ?? null, channel, to, subject ?? null, text, html ?? null, at);
      accepted.add(messageId);
      setTimeout(() => accepted.delete(messageId), joinMilliseconds).unref();
    },
    read: async () => {
      await joinMissing(missing());
      while (missing().some(isFresh)) {
        await sleep(20);
        await joinMissing(missing().filter(isFresh));
      }
      return z.array(Row).parse(select.all()).map(toEntry);
    },
  };
}

function toEntry({ channel, recipient, subject, text, html, at, origin }: z.infer<typeof Row>): OutboxEntry {
  const words = { ...(subject === null ? {} : { subject }), text, ...(html === null ? {} : { html }) };
  return { channel, to: recipient, ...words, ...(origin === null ? unknownOrigin : Origin.parse(JSON.parse(origin))), at };
}

/** Finds message records through the receipt lookup, by message id or our tag. Omits messages without a record yet. */
async function findOrigins(all: Ids[], get: (keys: Key[]) => Promise<Map<string, unknown>>): Promise<Map<string, Origin>> {
  const lookups = await get(all.flatMap(({ messageId, tag }) => (tag === null ? [messageId] : [messageId, tag])).map(lookupKey));
  const targets = new Map<string, Key>();
  for (const { messageId, tag } of all) {
    const lookup = lookups.get(keyText(lookupKey(messageId))) ?? (tag === null ? undefined : lookups.get(keyText(lookupKey(tag))));
    if (lookup === undefined) continue;
    const { targetPk, targetSk } = Lookup.parse(lookup);
    targets.set(messageId, { pk: targetPk, sk: targetSk });
  }
  const records = await get([...targets.values()]);
  const origins = [...targets].flatMap(([messageId, key]) => {
    const record = records.get(keyText(key));
    return record === undefined ? [] : [[messageId, Origin.parse(record)] as const];
  });
  return new Map(origins);
}

function lookupKey(messageId: string): Key {
  return { pk: `LOOKUP#receipt#${createHash('sha256').update(messageId).digest('hex')}`, sk: 'TARGET' };
}

function keyText({ pk, sk }: Key): string {
  return `${pk}\0${sk}`;
}

/** Unprocessed keys are read again with the next read of the outbox. */
async function getItems(from: { client: DynamoDBDocumentClient; tableName: string; keys: Key[] }): Promise<Map<string, unknown>> {
  const { client, tableName, keys } = from;
  const distinct = [...new Map(keys.map((key) => [keyText(key), key])).values()];
  if (distinct.length === 0) return new Map();
  const reply = await client.send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys: distinct, ConsistentRead: true } } }));
  return new Map((reply.Responses?.[tableName] ?? []).map((item) => [keyText(item as Key), item]));
}
