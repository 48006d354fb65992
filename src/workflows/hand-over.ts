import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { WorkflowName } from '../schemas/workflow.ts';
import { keepTrying } from './persistence.ts';
import type { RunSteps } from './run-steps.ts';
import type { Story } from './story.ts';

/**
 * Hands over to an offer when the notice is given: a message of its own, told by a run of its own. A workflow that no offer is meant for
 * takes no step for it.
 */
export async function handOver<Name extends WorkflowName>(
  { start, handsOver }: Pick<Story<Name>, 'start' | 'handsOver'>,
  context: DurableContext,
  run: RunSteps<Name>,
): Promise<void> {
  if (handsOver) await context.step('hand-over-to-an-offer', () => run.handOver(start), keepTrying);
}
