import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { renewalSucceeded } from '../workflows/renewal-succeeded.ts';
import { createWorkflowDependencies } from '../workflows/workflow-dependencies.ts';

export const handler = withDurableExecution(
  renewalSucceeded(createWorkflowDependencies('renewal-succeeded', settings(), { now: () => Date.now() })),
);
