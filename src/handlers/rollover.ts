import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { rollover } from '../workflows/rollover.ts';

export const handler = withDurableExecution(rollover(openWorkflow('rollover', settings(), { now: () => Date.now() })));
