import { unlistedHosts } from '../../src/rules/unlisted-hosts.ts';
import type { ConfigurationFault } from './fault.ts';
import { locationInTenant, type TenantFile } from './read-tenants.ts';

/** Totogi addresses that a tenant's key and secret must not be sent to. */
export function checkHosts(tenants: TenantFile[], totogiHosts: readonly string[] | 'any'): ConfigurationFault[] {
  if (totogiHosts === 'any') return [];
  return tenants.flatMap((tenant) => unlistedHosts(tenant.configuration, totogiHosts).map((refusal) => locationInTenant(tenant, refusal)));
}
