import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../../runtime/settings.ts';
import { createOfferWorkflowDependencies } from './dependencies.ts';
import { retentionOffer } from './workflow.ts';

export const handler = withDurableExecution(retentionOffer(createOfferWorkflowDependencies(settings(), () => Date.now())));
