import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type Clock, type SharedOffset, shareOffset } from '../clock.ts';
import { threadMemory } from '../thread-memory.ts';
import type { Functions, InvocationOutcome } from './invocation.ts';
import type { FromWorker, FunctionsSetup, ToWorker } from './thread-messages.ts';

export type LocalFunctions = Functions & {
  /** Ends the thread as a crash would: invocations in flight fail, the next one starts a new thread. */
  crash(): Promise<void>;
  /** Ends the thread; invocations in flight fail. */
  close(): Promise<void>;
};

export type FunctionsOptions = {
  /** Function key to the .ts file that exports `handler`. */
  modules: Record<string, URL>;
  /** The whole environment of the functions; nothing of this process's own is passed on. */
  environment: Record<string, string>;
  /** Takes what the functions write to stdout and stderr. */
  logFile: string;
  /** Whose time the functions' `Date` tells; the machine's without. */
  clock?: Clock;
  region: string;
  accountId: string;
  functionPrefix: string;
  /** Seconds an invocation may take, by function key; 30 where absent. */
  timeouts?: Record<string, number>;
};

const defaultTimeoutSeconds = 30;

/** How long a thread may leave a sign of life open after a timeout, in milliseconds, before it is taken to be stuck in a loop. */
const stuckAfterMs = 2_000;

type Waiting = { settle(outcome: InvocationOutcome): void };
type Host = { worker: Worker; ready: Promise<void>; waiting: Map<string, Waiting> };

/**
 * Hosts the handlers in one worker thread, all at once, as Lambda would host each in its own sandbox.
 *
 * An uncaught exception ends the thread: every invocation in flight fails with `Runtime.ExitError`, and the next one starts a new
 * thread. Past its timeout a caller gets `Sandbox.Timedout`; the handler itself runs on unseen, since ending it would end its neighbours.
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
      // What comes while the thread ends is not its work any more.
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
  // The caller of `invoke` or `startFunctions` hears of a failed start; without this line Node would end the process for it as well.
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

/** A handler in an endless loop would hold up all others for ever: a thread that answers nothing is ended. */
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
