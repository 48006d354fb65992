import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { settings } from '../runtime/settings.ts';
import { openOfferWorkflow } from '../workflows/open-offer-workflow.ts';
import { retentionOffer } from '../workflows/retention-offer.ts';

export const handler = withDurableExecution(retentionOffer(openOfferWorkflow(settings(), () => Date.now())));
