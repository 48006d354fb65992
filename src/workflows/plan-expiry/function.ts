import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../channels/email.ts';
import { settings } from '../../runtime/settings.ts';
import { createExecutionStarter } from '../../store/executions.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createPlanExpiryWorkflow } from './workflow.ts';

const own = settings();

export const handler = withDurableExecution(
  createPlanExpiryWorkflow(
    createWorkflowDependencies('plan-expiry', own, {
      now: () => Date.now(),
      email: createEmailChannel(),
      startExecution: createExecutionStarter(own),
    }),
  ),
);
