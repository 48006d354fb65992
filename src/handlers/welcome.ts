import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { openEmailChannel } from '../channels/email.ts';
import { settings } from '../runtime/settings.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { welcome } from '../workflows/welcome.ts';

export const handler = withDurableExecution(
  welcome(openWorkflow('welcome', settings(), { now: () => Date.now(), email: openEmailChannel() })),
);
