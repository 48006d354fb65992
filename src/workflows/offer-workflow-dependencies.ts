import { createEmailChannel } from '../channels/email.ts';
import type { Settings } from '../runtime/settings.ts';
import { createCallbacks } from '../store/callbacks.ts';
import { createOfferSteps } from './offer-steps.ts';
import type { OfferDependencies } from './retention-offer.ts';
import { createWorkflowDependencies } from './workflow-dependencies.ts';

export function createOfferWorkflowDependencies(settings: Settings, now: () => number): OfferDependencies {
  const { shared, ...workflow } = createWorkflowDependencies('retention-offer', settings, { now, email: createEmailChannel() });
  return { ...workflow, offers: createOfferSteps({ ...shared, completeCallback: createCallbacks() }) };
}
