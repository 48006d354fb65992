import { setTimeout as pause } from 'node:timers/promises';
import type { DurableExecutions } from './durable/durable-executions.ts';
import type { CountedFunctions } from './functions/running.ts';
import type { LocalQueue } from './queue/queue.ts';

/** What is left to do at this time of the clock, by name. Empty when everything is done. */
export type OpenWork = Record<string, number>;

/**
 * Waits until everything that is due is done, or for this long. Returns what was still open then. `withinMs` also waits for executions that
 * are due so much later, such as a step that is soon retried.
 */
export type Drain = (limits: { timeoutMs: number; withinMs?: number }) => Promise<OpenWork>;

const pollMs = 5;

type WorkParts = {
  functions: Pick<CountedFunctions, 'running'>;
  durable: Pick<DurableExecutions, 'pending'>;
  /** By the key of the function that reads it. */
  queues: Record<string, Pick<LocalQueue, 'counts'>>;
};

/**
 * Each part is looked at in the same tick, and each of them records new work before the work that caused it ends: what is empty once stays
 * empty until the clock moves or somebody sends something.
 */
export function createDrain({ functions, durable, queues }: WorkParts): Drain {
  function openWork(withinMs: number): OpenWork {
    const counts: [string, number][] = [
      ...Object.entries(functions.running()).map(([key, count]): [string, number] => [`invocations of ${key}`, count]),
      ['executions', durable.pending(withinMs)],
      ...Object.entries(queues).map(([key, queue]): [string, number] => {
        const { visible, inFlight } = queue.counts();
        return [`messages for ${key}`, visible + inFlight];
      }),
    ];
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  return async ({ timeoutMs, withinMs = 0 }) => {
    const end = performance.now() + timeoutMs;
    for (let open = openWork(withinMs); ; open = openWork(withinMs)) {
      if (Object.keys(open).length === 0 || performance.now() >= end) return open;
      await pause(pollMs);
    }
  };
}
