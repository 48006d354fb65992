import { createEmailChannel } from '../../channels/email.ts';
import { createOfferMessages } from '../../channels/offer-link.ts';
import type { Settings } from '../../runtime/settings.ts';
import { createCallbacks } from '../../store/callbacks.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createOfferSteps } from './offer-steps.ts';
import type { OfferDependencies } from './workflow.ts';

export function createOfferWorkflowDependencies(settings: Settings, now: () => number): OfferDependencies {
  const means = { now, email: createEmailChannel(), createSubject: createOfferMessages };
  const { shared, ...workflow } = createWorkflowDependencies('retention-offer', settings, means);
  return { ...workflow, offers: createOfferSteps({ ...shared, completeCallback: createCallbacks() }) };
}
