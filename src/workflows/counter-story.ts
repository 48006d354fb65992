import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { Standing } from '../rules/severity.ts';
import type { RunOutcome } from '../schemas/workflow.ts';
import { keepTrying } from './persistence.ts';
import type { RunSteps } from './run-steps.ts';
import type { Said, Story } from './story.ts';

type CounterWorkflow = 'low-allowance' | 'credit-alert';

/**
 * The part that the stories about counters share: several thresholds within the quiet period are one message, the most severe, and a
 * good state since then cancels it. Then the story says its own.
 */
export async function tellOfCounter<Name extends CounterWorkflow>(
  { start, configuration, settings, merge, waitUntil }: Story<Name>,
  context: DurableContext,
  run: RunSteps<Name>,
  telling: { says: [Said, ...Said[]]; speak: () => Promise<RunOutcome> },
): Promise<RunOutcome> {
  const { quietMinutes } = settings;
  const look = (step: string) => context.step(step, () => run.standing(start, configuration, quietMinutes), keepTrying);

  let standing: Standing = await look('look-at-the-counter');
  if (standing.standing === 'wait') {
    await waitUntil(quietMinutes * 60, 'let-thresholds-gather');
    standing = await look('look-at-the-counter-again');
  }
  if (standing.standing === 'recovered') return { outcome: 'recovered' };
  if (standing.standing === 'merged') return merge(telling.says, standing.into);

  const { toldBy } = await context.step('open-quiet-period', () => run.openQuietPeriod(start, configuration, quietMinutes), keepTrying);
  if (toldBy !== undefined) return merge(telling.says, toldBy);
  return telling.speak();
}
