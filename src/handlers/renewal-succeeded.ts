import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { renewalSucceeded } from '../workflows/renewal-succeeded.ts';

export const handler = withDurableExecution(renewalSucceeded(openWorkflow('renewal-succeeded', settings(), { now: () => Date.now() })));
