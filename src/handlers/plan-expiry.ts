import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { openEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { openExecutions } from '../store/executions.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { planExpiry } from '../workflows/plan-expiry.ts';

const own = settings();

export const handler = withDurableExecution(
  planExpiry(openWorkflow('plan-expiry', own, { now: () => Date.now(), email: openEmailChannel(), startExecution: openExecutions(own) })),
);
