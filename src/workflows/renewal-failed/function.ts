import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../messaging/carriers/email.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createRenewalFailedWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createRenewalFailedWorkflow(createWorkflowDependencies('renewal-failed', { now: () => Date.now(), email: createEmailChannel() })),
);
