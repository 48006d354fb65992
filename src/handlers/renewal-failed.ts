import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { openEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { renewalFailed } from '../workflows/renewal-failed.ts';

export const handler = withDurableExecution(
  renewalFailed(openWorkflow('renewal-failed', settings(), { now: () => Date.now(), email: openEmailChannel() })),
);
