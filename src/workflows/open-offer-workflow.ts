import { openEmailChannel } from '../channels/email.ts';
import type { Settings } from '../runtime/settings.ts';
import { openCallbacks } from '../store/callbacks.ts';
import { openConfigurations } from '../store/configurations.ts';
import { openTable } from '../store/table.ts';
import { openTotogi } from '../totogi/client.ts';
import { openSecrets } from '../totogi/secrets.ts';
import { openOfferSteps } from './offer-steps.ts';
import { openWorkflow } from './open-workflow.ts';
import type { OfferDependencies } from './retention-offer.ts';

/**
 * What the function of offers works with: what every workflow's does, and Totogi.
 *
 * @param now the clock, in milliseconds since the epoch.
 */
export function openOfferWorkflow(settings: Settings, now: () => number): OfferDependencies {
  const table = openTable(settings.tableName);
  const totogi = openTotogi({
    readSecret: openSecrets(settings),
    now,
    stage: settings.stage,
    url: settings.totogiUrl,
    hosts: settings.totogiHosts,
  });
  const offers = openOfferSteps({ table, configurations: openConfigurations(table, now), totogi, completeCallback: openCallbacks(), now });
  return { ...openWorkflow('retention-offer', settings, { now, email: openEmailChannel() }), offers };
}
