import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createOfferWorkflowDependencies } from './dependencies.ts';
import { createRetentionOfferWorkflow } from './workflow.ts';

export const handler = withDurableExecution(createRetentionOfferWorkflow(createOfferWorkflowDependencies(() => Date.now())));
