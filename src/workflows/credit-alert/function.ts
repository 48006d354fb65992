import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../messaging/carriers/email.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createCreditAlertWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createCreditAlertWorkflow(createWorkflowDependencies('credit-alert', { now: () => Date.now(), email: createEmailChannel() })),
);
