import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { planExpiry } from '../workflows/plan-expiry.ts';

export const handler = withDurableExecution(planExpiry(openWorkflow('plan-expiry', settings(), () => Date.now())));
