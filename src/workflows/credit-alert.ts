import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { SmsDelivery } from '../channels/sms-delivery.ts';
import { type RunOutcome, WorkflowStart } from '../schemas/workflow.ts';
import { keepTrying } from './persistence.ts';
import type { RunSteps } from './run-steps.ts';
import { sendSms } from './send-sms.ts';

/** What the story needs from outside. */
export type CreditAlertDependencies = { run: RunSteps; sms: SmsDelivery };

/**
 * The credit has run out, or has reached the level the subscriber set: say so by text, unless it was topped up meanwhile.
 */
export function creditAlert({ run, sms }: CreditAlertDependencies) {
  return async (input: unknown, context: DurableContext): Promise<RunOutcome> => {
    const start = WorkflowStart.parse(input);
    const { configuration, waitSeconds } = await context.step('begin-run', () => run.begin(start), keepTrying);

    if (waitSeconds > 0) await context.wait('leave-time-to-top-up', { seconds: waitSeconds });

    const toppedUp = await context.step('check-for-top-up', () => run.hasRecovered(start, configuration), keepTrying);
    const outcome: RunOutcome = toppedUp
      ? { outcome: 'recovered' }
      : await sendSms(context, sms, { ...start, workflow: 'credit-alert', step: 'sms' }, configuration);

    await context.step('end-run', () => run.end(start, outcome), keepTrying);
    return outcome;
  };
}
