import { createEmailChannel } from '../../messaging/carriers/email.ts';
import { createCallbacks } from '../../offers/callbacks.ts';
import { createOfferMessages } from '../../offers/offer-messages.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createOfferSteps } from './offer-steps.ts';
import type { OfferDependencies } from './workflow.ts';

export function createOfferWorkflowDependencies(now: () => number): OfferDependencies {
  const means = { now, email: createEmailChannel(), createTopic: createOfferMessages };
  const { shared, ...workflow } = createWorkflowDependencies('retention-offer', means);
  return { ...workflow, offers: createOfferSteps({ ...shared, completeCallback: createCallbacks() }) };
}
