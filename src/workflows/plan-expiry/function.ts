import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../messaging/carriers/email.ts';
import { readSettings } from '../../platform/settings.ts';
import { createExecutionStarter } from '../engine/start-execution.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createPlanExpiryWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createPlanExpiryWorkflow(
    createWorkflowDependencies('plan-expiry', {
      now: () => Date.now(),
      email: createEmailChannel(),
      startExecution: createExecutionStarter(readSettings(['stage', 'functionPrefix'])),
    }),
  ),
);
