import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../../platform/settings.ts';
import { createExecutionStarter } from '../engine/start-execution.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createWinBackWorkflow } from './workflow.ts';

const own = settings();

export const handler = withDurableExecution(
  createWinBackWorkflow(
    createWorkflowDependencies('win-back', own, { now: () => Date.now(), startExecution: createExecutionStarter(own) }),
  ),
);
