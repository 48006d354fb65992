import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { openEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { creditAlert } from '../workflows/credit-alert.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';

export const handler = withDurableExecution(
  creditAlert(openWorkflow('credit-alert', settings(), { now: () => Date.now(), email: openEmailChannel() })),
);
