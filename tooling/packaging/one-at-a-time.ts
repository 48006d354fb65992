import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
const busy = 5;
const pollMs = 100;

/**
 * Waits until no other process on this machine works under the same lock file; `onWait` is called once if it has to wait. The lock is
 * SQLite's on an empty database: the kernel drops it with its process, so it cannot become stale.
 */
export async function oneAtATime<Result>(lockFile: string, work: () => Promise<Result>, onWait: () => void): Promise<Result> {
  await mkdir(dirname(lockFile), { recursive: true });
  const lock = new DatabaseSync(lockFile);
  try {
    for (let refusals = 0; !taken(lock); refusals += 1) {
      if (refusals === 0) onWait();
      await sleep(pollMs);
    }
    return await work();
  } finally {
    lock.close();
  }
}

function taken(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return false;
    throw error;
  }
}
