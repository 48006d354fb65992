import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { creditAlert } from '../workflows/credit-alert.ts';
import { createWorkflowDependencies } from '../workflows/workflow-dependencies.ts';

export const handler = withDurableExecution(
  creditAlert(createWorkflowDependencies('credit-alert', settings(), { now: () => Date.now(), email: createEmailChannel() })),
);
