import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { WorkflowName } from '../schemas/workflow.ts';
import { retryTransient } from './retry-policies.ts';
import type { RunSteps } from './run-steps.ts';
import type { WorkflowRun } from './run-workflow.ts';

/**
 * Hands over to an offer when the notice is given: a message of its own, told by a run of its own. A workflow that no offer is meant for
 * takes no step for it.
 */
export async function startOffer<Name extends WorkflowName>(
  { start, startsOffer }: Pick<WorkflowRun<Name>, 'start' | 'startsOffer'>,
  context: DurableContext,
  steps: RunSteps<Name>,
): Promise<void> {
  if (startsOffer) await context.step('start-offer', () => steps.startOffer(start), retryTransient);
}
