import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { type ReplayPosition, ReplayStart } from '../../schemas/operations/replay.ts';
import { retryTransient } from '../../workflows/engine/retry-policies.ts';
import type { ReplaySteps } from './replay-steps.ts';

/** An execution has at most 3,000 operations, so another one continues after this many pages. */
export const PAGES_PER_PART = 1_000;

/**
 * Processes a range of recorded events page by page, each page a step: first to count them, then to start what was not started. Progress is
 * stored, so a crash or another execution of the same replay counts and starts nothing twice.
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
