import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type Clock, type SharedOffset, shareOffset } from '../clock.ts';
import { threadMemory } from '../thread-memory.ts';
import type { Functions, InvocationOutcome } from './invocation.ts';
import type { FromWorker, FunctionsSetup, ToWorker } from './thread-messages.ts';

export type LocalFunctions = Functions & {
  /** Ends the thread like a crash: running invocations fail, and the next one starts a new thread. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

export type FunctionsOptions = {
  /** By function key: the .ts file that exports `handler`. */
  modules: Record<string, URL>;
  /** The functions get nothing of this process's own environment. */
  environment: Record<string, string>;
  /** Receives stdout and stderr of the functions. */
  logFile: string;
  /** The time of the functions' `Date`; by default the machine's. */
  clock?: Clock;
  region: string;
  accountId: string;
  functionPrefix: string;
  /** By function key; 30 seconds by default. */
  timeouts?: Record<string, number>;
};

const defaultTimeoutSeconds = 30;

/** After a timeout, a thread that does not answer a ping for this long counts as stuck in a loop. */
const stuckAfterMs = 2_000;

type Waiting = { settle(outcome: InvocationOutcome): void };
type Host = { worker: Worker; ready: Promise<void>; waiting: Map<string, Waiting> };

/**
 * Runs all handlers in one worker thread, where Lambda has a sandbox for each.
 *
 * An uncaught exception ends the thread: all running invocations fail with `Runtime.ExitError`, and the next one starts a new thread. After
 * its timeout a caller gets `Sandbox.Timedout`, but the handler keeps running, because ending it would end its neighbours.
 *
 * @throws Error when a module cannot be loaded or exports no `handler`; the message names the module.
 */
export async function startFunctions(options: FunctionsOptions): Promise<LocalFunctions> {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const offset = shareOffset(options.clock);
  let host: Host | undefined;
  let closed = false;

  function currentHost(): Host {
    if (host) return host;
    const started = startHost(options, offset, log);
    started.worker.once('exit', () => {
      if (host === started) host = undefined;
    });
    host = started;
    return started;
  }

  const first = currentHost();
  try {
    await first.ready;
  } catch (error) {
    await first.worker.terminate();
    log.end();
    throw error;
  }
  return {
    async invoke(key, event, requestId = randomUUID()) {
      if (closed) return failure('Runtime.ExitError', 'the functions are closed');
      const used = currentHost();
      try {
        await used.ready;
      } catch (error) {
        return failure('Runtime.ImportModuleError', error instanceof Error ? error.message : String(error));
      }
      return invokeOn(used, { key, event, requestId, timeoutMs: (options.timeouts?.[key] ?? defaultTimeoutSeconds) * 1_000 });
    },
    async crash() {
      const ending = host;
      // Invocations from now on belong to a new thread.
      host = undefined;
      await ending?.worker.terminate();
    },
    async close() {
      closed = true;
      await host?.worker.terminate();
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}

function startHost(options: FunctionsOptions, offset: SharedOffset, log: NodeJS.WritableStream): Host {
  const setup: FunctionsSetup = {
    modules: Object.fromEntries(Object.entries(options.modules).map(([key, url]) => [key, url.href])),
    offset,
    region: options.region,
    accountId: options.accountId,
    functionPrefix: options.functionPrefix,
  };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    name: 'functions',
    workerData: setup,
    env: options.environment,
    execArgv: [],
    resourceLimits: threadMemory,
    stdout: true,
    stderr: true,
  });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });
  const waiting = new Map<string, Waiting>();
  let crash = 'the functions ended';
  worker.on('error', (error) => {
    crash = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log.write(`${error instanceof Error ? error.stack : crash}\n`);
  });
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve();
      if (message.type === 'unusable') reject(new Error(message.reason));
      if (message.type === 'settled') waiting.get(message.requestId)?.settle(message.outcome);
    });
    worker.once('exit', () => {
      reject(new Error(crash));
      for (const invocation of waiting.values()) invocation.settle(failure('Runtime.ExitError', crash));
    });
  });
  // `invoke` and `startFunctions` report a failed start. Without this line Node would also end the process.
  ready.catch(() => undefined);
  return { worker, ready, waiting };
}

type Invocation = { key: string; event: unknown; requestId: string; timeoutMs: number };

function invokeOn(host: Host, { key, event, requestId, timeoutMs }: Invocation): Promise<InvocationOutcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      settle(failure('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`));
      endIfStuck(host);
    }, timeoutMs);
    function settle(outcome: InvocationOutcome): void {
      clearTimeout(timer);
      host.waiting.delete(requestId);
      resolve(outcome);
    }
    host.waiting.set(requestId, { settle });
    send(host, { type: 'invoke', requestId, key, event: JSON.stringify(event ?? null), timeoutMs });
  });
}

/** A handler in an endless loop blocks all others, so an unresponsive thread is ended. */
function endIfStuck(host: Host): void {
  const requestId = randomUUID();
  const timer = setTimeout(() => {
    host.waiting.delete(requestId);
    void host.worker.terminate();
  }, stuckAfterMs);
  host.waiting.set(requestId, {
    settle: () => {
      clearTimeout(timer);
      host.waiting.delete(requestId);
    },
  });
  send(host, { type: 'ping', requestId });
}

function send(host: Host, message: ToWorker): void {
  host.worker.postMessage(message);
}

function failure(errorType: string, errorMessage: string): InvocationOutcome {
  return { ok: false, errorType, errorMessage };
}
