import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { WorkflowName } from '../../schemas/run/workflow.ts';
import { retryTransient } from './retry-policies.ts';
import type { RunSteps } from './run-steps.ts';
import type { WorkflowRun } from './run-workflow.ts';

/** Starts the offer's own run after the notice. A workflow without an offer has no such step. */
export async function startOffer<Name extends WorkflowName>(
  { start, startsOffer }: Pick<WorkflowRun<Name>, 'start' | 'startsOffer'>,
  context: DurableContext,
  steps: RunSteps<Name>,
): Promise<void> {
  if (startsOffer) await context.step('start-offer', () => steps.startOffer(start), retryTransient);
}
