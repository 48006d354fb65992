import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const children = new Map<ChildProcess, NodeJS.Signals>();
const folders = new Set<string>();

// Programs first, since they may write into the folders.
process.once('exit', () => {
  for (const [child, signal] of children) child.kill(signal);
  for (const folder of folders) remove(folder);
});

/** Ends a program at the latest when this process exits. */
export function endWithUs(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  children.set(child, signal);
  child.once('exit', () => children.delete(child));
}

/** A folder among the temporary files, which goes when this process exits at the latest. */
export type TemporaryFolder = { path: string; remove(): void };

/** Makes a folder whose name begins with that of the project. */
export async function openTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'totogi-notifications-'));
  folders.add(path);
  return {
    path,
    remove() {
      remove(path);
      folders.delete(path);
    },
  };
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
