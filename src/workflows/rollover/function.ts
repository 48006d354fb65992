import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../../runtime/settings.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { rollover } from './workflow.ts';

export const handler = withDurableExecution(rollover(createWorkflowDependencies('rollover', settings(), { now: () => Date.now() })));
