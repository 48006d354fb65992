import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { renewalFailed } from '../workflows/renewal-failed.ts';
import { createWorkflowDependencies } from '../workflows/workflow-dependencies.ts';

export const handler = withDurableExecution(
  renewalFailed(createWorkflowDependencies('renewal-failed', settings(), { now: () => Date.now(), email: createEmailChannel() })),
);
