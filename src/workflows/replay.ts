import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { type ReplayPosition, ReplayStart } from '../schemas/replay.ts';
import type { ReplaySteps } from './replay-steps.ts';
import { retryTransient } from './retry-policies.ts';

/** An execution has at most 3,000 operations: another one goes on after so many pages. */
export const PAGES_PER_PART = 1_000;

/**
 * Goes through a range of recorded events, first to count them, then to start what was not started: a page at a time, each a step. What
 * has been done is on record, so that a crash, or another execution of the same replay, counts nothing twice and starts nothing twice.
 */
export function replay(steps: ReplaySteps, pagesPerPart = PAGES_PER_PART) {
  return async (input: unknown, context: DurableContext): Promise<{ outcome: 'completed' | 'goes-on' }> => {
    const start = ReplayStart.parse(input);
    let position: ReplayPosition = await context.step('start-replay', () => steps.resume(start), retryTransient);
    for (let pages = 0; position.pass !== 'over' && pages < pagesPerPart; pages += 1) {
      const here = position;
      position = await context.step(`${here.pass}-page-${here.page}`, () => steps.page(start, here), retryTransient);
    }
    if (position.pass !== 'over') {
      await context.step('continue-replay', () => steps.continueReplay(start), retryTransient);
      return { outcome: 'goes-on' };
    }
    await context.step('finish-replay', () => steps.finish(start), retryTransient);
    return { outcome: 'completed' };
  };
}
