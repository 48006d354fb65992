import { Worker } from 'node:worker_threads';
import { type Clock, shareOffset } from '../clock.ts';
import { StateUnusable } from '../state.ts';
import { threadMemory } from '../thread-memory.ts';
import type { FunctionStatements } from './session-wall.ts';
import type { DatabaseReport, DatabaseSetup } from './worker.ts';

export type LocalDatabase = { port: number; close(): Promise<void> };

/** The database's folder, and the one around it: a state without its database is of no use. */
type StatePaths = { directory: string; stateDirectory: string };

/**
 * Starts an embedded DynamoDB (dynalite) on a free port of 127.0.0.1, in a worker thread, with its data in the folder.
 *
 * Tables are ready at once when created. What is written survives kill -9 of the process. Should the thread ever die, it starts again
 * on the same port.
 *
 * @param options `stateDirectory`: the folder around it, which an error names; `clock`: whose time its replies are of, the machine's
 * without; `functions`: what each function may do, anything without.
 * @throws StateUnusable when the folder is in use by another process or damaged.
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

/** dynalite does not always say why its files did not open, so the sentence covers both causes. */
function unusable({ directory, stateDirectory }: StatePaths, reason: string): StateUnusable {
  return new StateUnusable(
    `The database in ${directory} cannot be opened (${reason}): stop any other process that uses it, or delete the folder ${stateDirectory} to start empty.`,
  );
}
