import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { createOfferWorkflowDependencies } from '../workflows/offer-workflow-dependencies.ts';
import { retentionOffer } from '../workflows/retention-offer.ts';

export const handler = withDurableExecution(retentionOffer(createOfferWorkflowDependencies(settings(), () => Date.now())));
