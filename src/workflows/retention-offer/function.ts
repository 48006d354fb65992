import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { createEmailChannel } from '../../messaging/carriers/email.ts';
import { createCallbacks } from '../../offers/callbacks.ts';
import { createOfferMessages } from '../../offers/offer-messages.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createOfferSteps } from './offer-steps.ts';
import { createRetentionOfferWorkflow } from './workflow.ts';

const means = { now: () => Date.now(), email: createEmailChannel(), createTopic: createOfferMessages };
const { shared, ...workflow } = createWorkflowDependencies('retention-offer', means);
const offers = createOfferSteps({ ...shared, completeCallback: createCallbacks() });

export const handler = withDurableExecution(createRetentionOfferWorkflow({ ...workflow, offers }));
