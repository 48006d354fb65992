import { unlistedHosts } from '../../src/rules/unlisted-hosts.ts';
import type { ConfigurationFault } from './fault.ts';
import { locationInTenant, type TenantFile } from './read-tenants.ts';

/** Addresses of Totogi that a tenant's key and secret may not be sent to. */
export function checkHosts(tenants: TenantFile[], totogiHosts: readonly string[] | 'any'): ConfigurationFault[] {
  if (totogiHosts === 'any') return [];
  return tenants.flatMap((tenant) => unlistedHosts(tenant.configuration, totogiHosts).map((refusal) => locationInTenant(tenant, refusal)));
}
