import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../messaging/carriers/email.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createWelcomeWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createWelcomeWorkflow(createWorkflowDependencies('welcome', { now: () => Date.now(), email: createEmailChannel() })),
);
