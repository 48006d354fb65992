import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { TenantConfiguration } from '../../schemas/configuration/tenant-configuration.ts';
import type { RunOutcome, WorkflowName } from '../../schemas/run/workflow.ts';
import type { CounterStatus } from './counter-status.ts';
import { retryTransient } from './retry-policies.ts';
import type { RunSteps } from './run-steps.ts';
import type { MessageRequest, WorkflowRun } from './run-workflow.ts';

/** Those that a quiet period can be set for. */
type CounterWorkflow = {
  [Name in WorkflowName]: 'quietMinutes' extends keyof TenantConfiguration['workflows'][Name] ? Name : never;
}[WorkflowName];

/**
 * The part that the counter workflows share: several thresholds within the quiet period give one message, the most severe, and a good state
 * since then cancels it.
 */
export async function runCounterWorkflow<Name extends CounterWorkflow>(
  { start, configuration, settings, merge, waitUntil }: WorkflowRun<Name>,
  context: DurableContext,
  steps: RunSteps<Name>,
  notice: { messages: [MessageRequest, ...MessageRequest[]]; send: () => Promise<RunOutcome> },
): Promise<RunOutcome> {
  const { quietMinutes } = settings;
  const look = (step: string) => context.step(step, () => steps.status(start, configuration, quietMinutes), retryTransient);

  let status: CounterStatus = await look('check-counter');
  if (status.status === 'wait') {
    await waitUntil(quietMinutes * 60, 'quiet-period');
    status = await look('check-counter-again');
  }
  if (status.status === 'recovered') return { outcome: 'recovered' };
  if (status.status === 'merged') return merge(notice.messages, status.into);

  const { messagedBy } = await context.step(
    'open-quiet-period',
    () => steps.openQuietPeriod(start, configuration, quietMinutes),
    retryTransient,
  );
  if (messagedBy !== undefined) return merge(notice.messages, messagedBy);
  return notice.send();
}
