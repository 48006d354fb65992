import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../channels/email.ts';
import { settings } from '../../runtime/settings.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createRenewalFailedWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createRenewalFailedWorkflow(
    createWorkflowDependencies('renewal-failed', settings(), { now: () => Date.now(), email: createEmailChannel() }),
  ),
);
