import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createRolloverWorkflow } from './workflow.ts';

export const handler = withDurableExecution(createRolloverWorkflow(createWorkflowDependencies('rollover', { now: () => Date.now() })));
