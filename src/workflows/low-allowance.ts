import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { SmsDelivery } from '../channels/sms-delivery.ts';
import { type RunOutcome, WorkflowStart } from '../schemas/workflow.ts';
import { keepTrying } from './persistence.ts';
import type { RunSteps } from './run-steps.ts';
import { sendSms } from './send-sms.ts';

/** What the story needs from outside. */
export type LowAllowanceDependencies = { run: RunSteps; sms: SmsDelivery };

/**
 * An allowance is running low: tell the subscriber by text, unless it has recovered meanwhile.
 * How long "meanwhile" is, the tenant decides.
 */
export function lowAllowance({ run, sms }: LowAllowanceDependencies) {
  return async (input: unknown, context: DurableContext): Promise<RunOutcome> => {
    const start = WorkflowStart.parse(input);
    const { configuration, waitSeconds } = await context.step('begin-run', () => run.begin(start), keepTrying);

    if (waitSeconds > 0) await context.wait('let-the-counter-settle', { seconds: waitSeconds });

    const recovered = await context.step('check-for-recovery', () => run.hasRecovered(start, configuration), keepTrying);
    const outcome: RunOutcome = recovered
      ? { outcome: 'recovered' }
      : await sendSms(context, sms, { ...start, workflow: 'low-allowance', step: 'sms' }, configuration);

    await context.step('end-run', () => run.end(start, outcome), keepTrying);
    return outcome;
  };
}
