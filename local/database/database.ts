import { Worker } from 'node:worker_threads';
import { type Clock, shareOffset } from '../clock.ts';
import { StateUnusable } from '../state.ts';
import { threadMemory } from '../thread-memory.ts';
import type { FunctionStatements } from './session-wall.ts';
import type { DatabaseReport, DatabaseSetup } from './worker.ts';

export type LocalDatabase = { port: number; close(): Promise<void> };

/** `stateDirectory` contains `directory`. A state without its database is useless, so a user must delete all of it. */
type StatePaths = { directory: string; stateDirectory: string };

/**
 * Starts an embedded DynamoDB (dynalite) in a worker thread, on a free port of 127.0.0.1.
 *
 * Tables are active as soon as they are created. Writes survive kill -9 of the process. If the thread dies, it restarts on the same port.
 *
 * @param options `stateDirectory`: the folder that errors name; `clock`: the time of the replies, by default the machine's; `functions`:
 * the permissions of each function, by default unlimited.
 * @throws StateUnusable when the folder is damaged or another process uses it.
 */
export async function startDatabase(
  directory: string,
  { stateDirectory = directory, clock, functions = {} }: { stateDirectory?: string; clock?: Clock; functions?: FunctionStatements } = {},
): Promise<LocalDatabase> {
  const offset = shareOffset(clock);
  let closing = false;
  let thread = await startThread({ directory, stateDirectory, offset, functions, port: 0 });
  const { port } = thread;

  function superviseThread(): void {
    thread.worker.once('exit', async () => {
      if (closing) return;
      console.error('The local database ended unexpectedly and starts again.');
      thread = await startThread({ directory, stateDirectory, offset, functions, port });
      superviseThread();
    });
  }

  superviseThread();
  return {
    port,
    async close() {
      closing = true;
      const finished = new Promise((resolve) => thread.worker.once('exit', resolve));
      thread.worker.postMessage('close');
      await finished;
    },
  };
}

function startThread({ stateDirectory, ...setup }: StatePaths & DatabaseSetup): Promise<{ worker: Worker; port: number }> {
  const options = { name: 'database', workerData: setup, execArgv: [], resourceLimits: threadMemory };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), options);
  return new Promise((resolve, reject) => {
    worker.once('message', (report: DatabaseReport) => {
      if ('port' in report) resolve({ worker, port: report.port });
      else void worker.terminate().then(() => reject(unusable({ ...setup, stateDirectory }, report.reason)));
    });
    worker.on('error', (error) => {
      console.error(error);
      reject(unusable({ ...setup, stateDirectory }, error instanceof Error ? error.message : String(error)));
    });
  });
}

/** dynalite does not always report why its files did not open, so the message covers both causes. */
function unusable({ directory, stateDirectory }: StatePaths, reason: string): StateUnusable {
  return new StateUnusable(
    `The database in ${directory} cannot be opened (${reason}): stop any other process that uses it, or delete the folder ${stateDirectory} to start empty.`,
  );
}
