import { createEmailChannel } from '../../channels/email.ts';
import { createOfferMessages } from '../../channels/offer-link.ts';
import type { Settings } from '../../runtime/settings.ts';
import { createCallbacks } from '../../store/callbacks.ts';
import { createConfigurations } from '../../store/configurations.ts';
import { createTableClient } from '../../store/table.ts';
import { createTotogiClient } from '../../totogi/client.ts';
import { createSecretReader } from '../../totogi/secrets.ts';
import { createWorkflowDependencies } from '../engine/workflow-dependencies.ts';
import { createOfferSteps } from './offer-steps.ts';
import type { OfferDependencies } from './workflow.ts';

export function createOfferWorkflowDependencies(settings: Settings, now: () => number): OfferDependencies {
  const table = createTableClient(settings.tableName);
  const totogi = createTotogiClient({
    readSecret: createSecretReader(settings),
    now,
    stage: settings.stage,
    url: settings.totogiUrl,
    hosts: settings.totogiHosts,
  });
  const offers = createOfferSteps({
    table,
    configurations: createConfigurations(table, now),
    totogi,
    completeCallback: createCallbacks(),
    now,
  });
  const subject = createOfferMessages({ table, publicUrl: settings.publicUrl, now });
  return { ...createWorkflowDependencies('retention-offer', settings, { now, email: createEmailChannel(), subject }), offers };
}
