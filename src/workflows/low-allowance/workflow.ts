import { runCounterWorkflow } from '../engine/counter-workflow.ts';
import { runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { startOffer } from '../engine/start-offer.ts';
import { lowAllowance } from './definition.ts';

const { notice } = lowAllowance.messages;

/** An allowance is low: send one text for all thresholds of a quiet period, unless the allowance recovers. */
export function createLowAllowanceWorkflow(deps: WorkflowDependencies<'low-allowance'>) {
  return runWorkflow(lowAllowance, deps, (run, context) => {
    const send = async () => {
      const sent = await run.sendMessage(notice);
      await startOffer(run, context, deps.steps);
      return sent;
    };
    return runCounterWorkflow(run, context, deps.steps, { messages: [notice], send });
  });
}
