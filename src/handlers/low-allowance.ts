import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { createExecutionStarter } from '../store/executions.ts';
import { lowAllowance } from '../workflows/low-allowance.ts';
import { createWorkflowDependencies } from '../workflows/workflow-dependencies.ts';

const own = settings();

export const handler = withDurableExecution(
  lowAllowance(createWorkflowDependencies('low-allowance', own, { now: () => Date.now(), startExecution: createExecutionStarter(own) })),
);
