import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One folder with one SQLite file. Each part creates its own tables. */
export type State = { directory: string; db: DatabaseSync; close(): void };

/** The state folder cannot be used. The message is one sentence that says what to do. */
export class StateUnusable extends Error {
  override name = 'StateUnusable';
}

const formatVersion = 1;

/** In milliseconds, for another service that is just shutting down. */
const lockWaitMs = 1_500;

/**
 * Opens or creates the state in a folder, and locks it until `close`.
 *
 * Commits survive kill -9 of the process. SQLite's exclusive lock keeps a second process out, and the kernel releases it with the process,
 * so no lock is ever stale.
 *
 * @throws StateUnusable when the folder is in use, unreadable, damaged, or written by a newer version.
 */
export function openState(directory: string): State {
  const db = openDatabase(directory);
  try {
    prepare(db, directory);
  } catch (error) {
    db.close();
    throw asUnusable(error, directory);
  }
  return { directory, db, close: () => db.close() };
}

/** All of the work is committed, or none. */
export function inTransaction<Result>(state: State, work: () => Result): Result {
  state.db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    state.db.exec('COMMIT');
    return result;
  } catch (error) {
    state.db.exec('ROLLBACK');
    throw error;
  }
}

function openDatabase(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true });
    return new DatabaseSync(join(directory, 'state.db'), { timeout: lockWaitMs });
  } catch (error) {
    throw asUnusable(error, directory);
  }
}

function prepare(db: DatabaseSync, directory: string): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  // Takes the lock now. Otherwise the first query would take it, too late to reject the start.
  db.exec('BEGIN EXCLUSIVE; COMMIT');
  const damage = db.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (damage !== 'ok') throw new StateUnusable(damaged(directory, String(damage)));
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > formatVersion) {
    throw new StateUnusable(
      `The state in ${directory} was written by a newer version of this service (format ${version}, this one knows ${formatVersion}): update the service, or delete the folder ${directory} to start empty.`,
    );
  }
  db.exec(`PRAGMA user_version = ${formatVersion}`);
}

function asUnusable(error: unknown, directory: string): StateUnusable {
  if (error instanceof StateUnusable) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/^EEXIST|^ENOTDIR/.test(message))
    return new StateUnusable(`${directory} is a file, and the state needs a folder: choose one with LOCAL_STATE.`, { cause: error });
  if (/^EACCES|^EPERM|^EROFS|readonly database|unable to open database file/.test(message))
    return new StateUnusable(`The folder ${directory} cannot be written: fix its permissions, or choose another with LOCAL_STATE.`, {
      cause: error,
    });
  if (/database is locked/.test(message)) {
    return new StateUnusable(`Another process uses the state in ${directory}: stop it first, or choose another folder with LOCAL_STATE.`, {
      cause: error,
    });
  }
  return new StateUnusable(damaged(directory, message), { cause: error });
}

function damaged(directory: string, reason: string): string {
  return `The state in ${directory} cannot be read (${reason}): delete the folder ${directory} to start empty, or choose another with LOCAL_STATE.`;
}
