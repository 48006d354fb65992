import { parentPort, workerData } from 'node:worker_threads';
import type { InvocationOutcome } from './invocation.ts';
import { lambdaContext } from './lambda-context.ts';
import { shiftDate } from './shifted-date.ts';
import type { FromWorker, FunctionsSetup, ToWorker } from './thread-messages.ts';
import { markRequests, traced } from './trace.ts';

type Handler = (event: unknown, context: ReturnType<typeof lambdaContext>) => unknown;

const setup = workerData as FunctionsSetup;
const handlers = new Map<string, Handler>();

function report(message: FromWorker): void {
  parentPort?.postMessage(message);
}

async function load(): Promise<void> {
  for (const [key, url] of Object.entries(setup.modules)) {
    const module: { handler?: unknown } = await import(url);
    if (typeof module.handler !== 'function') throw new Error(`the module of function ${key} exports no handler: ${url}`);
    handlers.set(key, module.handler as Handler);
  }
}

async function invoke(message: Extract<ToWorker, { type: 'invoke' }>): Promise<InvocationOutcome> {
  const handler = handlers.get(message.key);
  if (!handler) return { ok: false, errorType: 'ResourceNotFoundException', errorMessage: `there is no function ${message.key}` };
  try {
    const context = lambdaContext(setup, message);
    const reply = await traced(message.requestId, () => handler(JSON.parse(message.event), context), message.key);
    // Through JSON, as on Lambda, so that a caller never gets what JSON cannot represent.
    return { ok: true, payload: JSON.parse(JSON.stringify(reply ?? null)) };
  } catch (error) {
    const errorType = error instanceof Error ? error.name : 'Error';
    const errorMessage = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    console.error(JSON.stringify({ level: 'ERROR', function: message.key, requestId: message.requestId, errorType, errorMessage, stack }));
    return { ok: false, errorType, errorMessage };
  }
}

shiftDate(() => setup.offset[0] ?? 0);
markRequests();
try {
  await load();
  parentPort?.on('message', async (message: ToWorker) => {
    const outcome: InvocationOutcome = message.type === 'ping' ? { ok: true, payload: null } : await invoke(message);
    report({ type: 'settled', requestId: message.requestId, outcome });
  });
  report({ type: 'ready' });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  report({ type: 'unusable', reason: `The functions cannot start: ${[...missing()].join(', ')} did not load (${reason}).` });
}

/** The first unloaded module is the one that failed. The error's own text often names only what that module imports. */
function* missing(): Generator<string> {
  for (const [key, url] of Object.entries(setup.modules)) {
    if (!handlers.has(key)) {
      yield `${key} (${url})`;
      return;
    }
  }
}
