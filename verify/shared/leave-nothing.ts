import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const children = new Map<ChildProcess, () => void>();
const folders = new Set<string>();

// Programs first, since they may write into the folders.
process.once('exit', () => {
  for (const end of children.values()) end();
  for (const folder of folders) remove(folder);
});

export function endWithUs(child: ChildProcess): void {
  endWithUsBy(child, () => child.kill('SIGKILL'));
}

/** For a program with its own process group (`detached`): also ends what it started. */
export function endGroupWithUs(child: ChildProcess): void {
  endWithUsBy(child, () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
      if (!isGone) throw error;
    }
  });
}

function endWithUsBy(child: ChildProcess, end: () => void): void {
  children.set(child, end);
  child.once('exit', () => children.delete(child));
}

/** Removed when this process exits at the latest, unless it is kept. */
export type TemporaryFolder = { path: string; remove(): void; keep(): void };

export async function openTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'totogi-notifications-'));
  folders.add(path);
  return {
    path,
    remove() {
      remove(path);
      folders.delete(path);
    },
    keep: () => void folders.delete(path),
  };
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
