import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { rollover } from '../workflows/rollover.ts';
import { createWorkflowDependencies } from '../workflows/workflow-dependencies.ts';

export const handler = withDurableExecution(rollover(createWorkflowDependencies('rollover', settings(), { now: () => Date.now() })));
