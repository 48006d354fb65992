import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { readSettings } from '../../platform/settings.ts';
import { createExecutionStarter } from '../engine/start-execution.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createWinBackWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createWinBackWorkflow(
    createWorkflowDependencies('win-back', {
      now: () => Date.now(),
      startExecution: createExecutionStarter(readSettings(['stage', 'functionPrefix'])),
    }),
  ),
);
