import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createRenewalSucceededWorkflow } from './workflow.ts';

export const handler = withDurableExecution(
  createRenewalSucceededWorkflow(createWorkflowDependencies('renewal-succeeded', { now: () => Date.now() })),
);
