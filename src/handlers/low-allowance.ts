import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { lowAllowance } from '../workflows/low-allowance.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';

export const handler = withDurableExecution(lowAllowance(openWorkflow('low-allowance', settings(), () => Date.now())));
