import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../../platform/settings.ts';
import { createOfferWorkflowDependencies } from './dependencies.ts';
import { createRetentionOfferWorkflow } from './workflow.ts';

export const handler = withDurableExecution(createRetentionOfferWorkflow(createOfferWorkflowDependencies(settings(), () => Date.now())));
