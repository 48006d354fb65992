import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { winBack } from '../workflows/win-back.ts';

export const handler = withDurableExecution(winBack(openWorkflow('win-back', settings(), () => Date.now())));
