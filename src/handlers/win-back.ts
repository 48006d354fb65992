import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openExecutions } from '../store/executions.ts';
import { openWorkflow } from '../workflows/open-workflow.ts';
import { winBack } from '../workflows/win-back.ts';

const own = settings();

export const handler = withDurableExecution(
  winBack(openWorkflow('win-back', own, { now: () => Date.now(), startExecution: openExecutions(own) })),
);
