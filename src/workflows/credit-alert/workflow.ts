import { runCounterWorkflow } from '../engine/counter-workflow.ts';
import { type MessageRequest, runWorkflow, together, type WorkflowDependencies } from '../engine/run-workflow.ts';

const NOTICE: MessageRequest = { step: 'notice-sms', channel: 'sms', kind: 'notice' };
const MAIL: MessageRequest = { step: 'notice-email', channel: 'email', kind: 'notice' };

/**
 * The credit has reached the level that the subscriber set: send a text. If it has run out, send a text and an email. Send nothing if it
 * was topped up in the meantime.
 */
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
