import { runCounterWorkflow } from '../engine/counter-workflow.ts';
import { runWorkflow, together, type WorkflowDependencies } from '../engine/run-workflow.ts';
import { creditAlert } from './definition.ts';

const { notice, mail } = creditAlert.messages;

/**
 * The credit has reached the level that the subscriber set: send a text. If it has run out, send a text and an email. Send nothing if it
 * was topped up in the meantime.
 */
export function createCreditAlertWorkflow(deps: WorkflowDependencies<'credit-alert'>) {
  return runWorkflow(creditAlert, deps, (run, context) =>
    runCounterWorkflow(run, context, deps.steps, {
      messages: run.type === 'OutOfCredit' ? [notice, mail] : [notice],
      async send() {
        const text = await run.sendMessage(notice);
        return run.type === 'OutOfCredit' ? together([text, await run.sendMessage(mail)]) : text;
      },
    }),
  );
}
