import type { Configurations } from '../configuration/configurations.ts';
import { expiryAfter } from '../platform/table.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import { UNKNOWN_TENANT_DAYS } from '../schemas/operations/unknown-tenant.ts';
import { chooseWorkflows } from './choose-workflows.ts';
import type { ValidEvent } from './parse-event.ts';

export type TenantSources = {
  configurations: Configurations;
  /** Process events of these tenants only. Empty: of every tenant with a published configuration. */
  takenTenants?: string[];
};

/** Events of tenants that are not served are kept for a while and start nothing. */
export type TenantService = { isServed: boolean; published?: PublishedConfiguration | undefined };

export async function findTenant({ configurations, takenTenants = [] }: TenantSources, tenant: string | undefined): Promise<TenantService> {
  if (tenant === undefined || (takenTenants.length > 0 && !takenTenants.includes(tenant))) return { isServed: false };
  const published = await configurations.current(tenant);
  return { isServed: takenTenants.length > 0 || published !== undefined, published };
}

/**
 * The record of an event, with the workflows to start or the reason why there are none, and whether its tenant is served.
 *
 * @param receivedAt milliseconds since the epoch.
 */
export async function decideEvent(
  sources: TenantSources,
  { id, notification, original }: ValidEvent,
  receivedAt: number,
): Promise<{ event: RecordedEvent; isServed: boolean }> {
  const { isServed, published } = await findTenant(sources, notification.tenant);
  const decision = chooseWorkflows(notification, published, receivedAt);
  const expiresAt = expiryAfter(receivedAt, isServed ? published?.configuration.retention.eventsDays : UNKNOWN_TENANT_DAYS);
  const event = { id, notification, receivedAt: new Date(receivedAt).toISOString(), decision, original, expiresAt };
  return { event, isServed };
}
