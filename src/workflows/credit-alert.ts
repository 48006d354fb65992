import { runCounterWorkflow } from './counter-workflow.ts';
import { type MessageRequest, runWorkflow, together, type WorkflowDependencies } from './run-workflow.ts';

const NOTICE: MessageRequest = { step: 'notice-sms', channel: 'sms', kind: 'notice' };
const MAIL: MessageRequest = { step: 'notice-email', channel: 'email', kind: 'notice' };

/** The credit has reached the level the subscriber set: say so by text. Where it has run out, say so by text and email. Neither when it was topped up meanwhile. */
export function creditAlert(deps: WorkflowDependencies<'credit-alert'>) {
  return runWorkflow('credit-alert', deps, (run, context) =>
    runCounterWorkflow(run, context, deps.steps, {
      messages: run.type === 'OutOfCredit' ? [NOTICE, MAIL] : [NOTICE],
      async send() {
        const text = await run.sendMessage(NOTICE);
        return run.type === 'OutOfCredit' ? together([text, await run.sendMessage(MAIL)]) : text;
      },
    }),
  );
}
