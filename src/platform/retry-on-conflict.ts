import { setTimeout as pause } from 'node:timers/promises';
import { TransientError } from './transient-errors.ts';

/** Too many concurrent writers on one record. Retry later. */
export class Contended extends TransientError {
  override readonly name = 'Contended';
}

/** What an attempt returns when another writer was faster. */
export const CONFLICT = Symbol('conflict');

/** `random` returns a number from 0 up to 1. */
export type Jitter = { random: () => number; pause: (milliseconds: number) => Promise<unknown> };

const LIVE: Jitter = { random: Math.random, pause };

const MAX_ATTEMPTS = 20;
const FIRST_PAUSE_MILLISECONDS = 10;
const MAX_PAUSE_MILLISECONDS = 100;

/**
 * Repeats an optimistic write until it does not conflict. Random pauses of up to 10, 20, 30 ... 100 ms spread competing writers.
 *
 * @param what names the record in the error.
 * @throws Contended after 20 conflicts: about a second.
 */
export async function retryOnConflict<Result>(
  what: string,
  attempt: () => Promise<Result | typeof CONFLICT>,
  jitter: Jitter = LIVE,
): Promise<Result> {
  for (let attempts = 1; attempts <= MAX_ATTEMPTS; attempts += 1) {
    const result = await attempt();
    if (result !== CONFLICT) return result;
    if (attempts < MAX_ATTEMPTS)
      await jitter.pause(jitter.random() * Math.min(attempts * FIRST_PAUSE_MILLISECONDS, MAX_PAUSE_MILLISECONDS));
  }
  throw new Contended(`Too many concurrent changes of ${what}. Retry later.`);
}
