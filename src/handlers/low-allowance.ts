import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openExecutions } from '../store/executions.ts';
import { lowAllowance } from '../workflows/low-allowance.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';

const own = settings();

export const handler = withDurableExecution(
  lowAllowance(openWorkflow('low-allowance', own, { now: () => Date.now(), startExecution: openExecutions(own) })),
);
