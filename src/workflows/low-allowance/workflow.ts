import { runCounterWorkflow } from '../engine/counter-workflow.ts';
import { type MessageRequest, runWorkflow, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { startOffer } from '../engine/start-offer.ts';

const NOTICE: MessageRequest = { step: 'notice-sms', channel: 'sms', kind: 'notice' };

/** An allowance is low: send one text for all thresholds of a quiet period, unless the allowance recovers. */
export function lowAllowance(deps: WorkflowDependencies<'low-allowance'>) {
  return runWorkflow('low-allowance', deps, (run, context) => {
    const send = async () => {
      const notice = await run.sendMessage(NOTICE);
      await startOffer(run, context, deps.steps);
      return notice;
    };
    return runCounterWorkflow(run, context, deps.steps, { messages: [NOTICE], send });
  });
}
