import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { welcome } from '../workflows/welcome.ts';
import { createWorkflowDependencies } from '../workflows/workflow-dependencies.ts';

export const handler = withDurableExecution(
  welcome(createWorkflowDependencies('welcome', settings(), { now: () => Date.now(), email: createEmailChannel() })),
);
