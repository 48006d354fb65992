import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { inTransaction, type State } from '../state.ts';
import { Account, inventedAccount } from './account.ts';
import { applyNotification, type Notified } from './notification.ts';

export type EventDataRecord = { position: number; id: string; at: number; action: string; data: string };

export type AccountBook = {
  /** An unknown account is invented. */
  read(provider: string, id: string): Account;
  /**
   * Stores the account, and logs `done` unless the change is not Totogi's own. Stores nothing and returns `false` for a known transaction
   * id.
   */
  write(provider: string, id: string, account: Account, done?: { action: string; data: object; transactionId?: string }): boolean;
  /** Records a sent notification, batched with others. */
  apply(notified: Notified): void;
  /** Newest first. */
  records(query: { provider: string; account: string; before: number; from: number; to: number; most: number }): EventDataRecord[];
  flush(): void;
};

/** Batches the writes, because notifications arrive by the thousand. */
const flushAfterMs = 200;

const Row = z.object({ position: z.number(), id: z.string(), at: z.number(), action: z.string(), data: z.string() });
const Noted = z.object({ name: z.string(), state: z.string(), planId: z.string().optional() });

export function createAccountBook({ state, clock }: { state: State; clock: Clock }): AccountBook {
  const { db } = state;
  db.exec(`
    CREATE TABLE IF NOT EXISTS totogi_accounts (provider TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, appliedUpTo INTEGER NOT NULL, PRIMARY KEY (provider, id));
    CREATE TABLE IF NOT EXISTS totogi_transactions (provider TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (provider, id));
    CREATE TABLE IF NOT EXISTS totogi_records (
      position INTEGER PRIMARY KEY, provider TEXT NOT NULL, account TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, action TEXT NOT NULL, data TEXT NOT NULL
    );
    CREATE UNIQUE INDEX IF NOT EXISTS totogi_records_of_account ON totogi_records (provider, account, at, action, data);
  `);
  const select = db.prepare('SELECT content, appliedUpTo FROM totogi_accounts WHERE provider = ? AND id = ?');
  const upsert = db.prepare(
    'INSERT INTO totogi_accounts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content, appliedUpTo = excluded.appliedUpTo',
  );
  const insertTransaction = db.prepare('INSERT OR IGNORE INTO totogi_transactions VALUES (?, ?)');
  // Totogi notifies once, even when the event is delivered several times.
  const insertRecord = db.prepare(
    'INSERT OR IGNORE INTO totogi_records (provider, account, id, at, action, data) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const selectRecords = db.prepare(
    `SELECT position, id, at, action, data FROM totogi_records
     WHERE provider = ? AND account = ? AND position < ? AND at >= ? AND at < ? ORDER BY position DESC LIMIT ?`,
  );
  const selectNoted = db.prepare(
    `SELECT position, id, at, action, data FROM totogi_records
     WHERE provider = ? AND account = ? AND action = 'notify' AND position > ? ORDER BY position`,
  );
  let waiting: Notified[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const notes = waiting;
    waiting = [];
    if (notes.length === 0) return;
    inTransaction(state, () => {
      for (const { provider, account, at, ...data } of notes)
        insertRecord.run(provider, account, randomUUID(), at, 'notify', JSON.stringify(data));
    });
  }

  function read(provider: string, id: string): { account: Account; appliedUpTo: number } {
    flush();
    const stored = select.get(provider, id);
    let appliedUpTo = Number(stored?.appliedUpTo ?? 0);
    const news = z.array(Row).parse(selectNoted.all(provider, id, appliedUpTo));
    const seenFrom = Math.min(clock.now(), ...news.map(({ at }) => at));
    let account = stored ? Account.parse(JSON.parse(String(stored.content))) : inventedAccount(provider, id, seenFrom);
    for (const row of news) {
      account = applyNotification(account, { at: row.at, planId: undefined, ...Noted.parse(JSON.parse(row.data)) });
      appliedUpTo = row.position;
    }
    if (!stored || appliedUpTo > Number(stored.appliedUpTo)) upsert.run(provider, id, JSON.stringify(account), appliedUpTo);
    return { account, appliedUpTo };
  }

  return {
    read: (provider, id) => read(provider, id).account,
    write(provider, id, account, done) {
      const { appliedUpTo } = read(provider, id);
      return inTransaction(state, () => {
        const transactionId = done?.transactionId;
        if (transactionId !== undefined && insertTransaction.run(provider, transactionId).changes === 0) return false;
        upsert.run(provider, id, JSON.stringify(account), appliedUpTo);
        if (done) insertRecord.run(provider, id, randomUUID(), clock.now(), done.action, JSON.stringify(done.data));
        return true;
      });
    },
    apply(notified) {
      waiting.push(notified);
      timer ??= setTimeout(flush, flushAfterMs);
    },
    records({ provider, account, before, from, to, most }) {
      flush();
      return z.array(Row).parse(selectRecords.all(provider, account, before, from, to, most));
    },
    flush,
  };
}
