import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../../platform/settings.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createRolloverWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createRolloverWorkflow(createWorkflowDependencies('rollover', settings(), { now: () => Date.now() })),
);
