import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';
import { hostOf } from '../schemas/totogi-hosts.ts';

/** What is wrong at a place of a configuration, in words. */
export type UnlistedHost = { path: PropertyKey[]; fault: string; remedy: string };

/** The addresses of a tenant's Totogi at hosts that the service's operator does not list: its key and secret would be sent there. */
export function unlistedHosts({ totogi }: TenantConfiguration, totogiHosts: readonly string[]): UnlistedHost[] {
  return (['endpoint', 'tokenUrl'] as const).flatMap((field) => {
    const host = hostOf(totogi?.[field] ?? '');
    if (host === undefined || totogiHosts.includes(host)) return [];
    const remedy = `Write an address at one of: ${totogiHosts.join(', ')}; the stack's parameter totogiHosts lists others (docs/deploy.md)`;
    return [{ path: ['totogi', field], fault: `is at "${host}", which is not one of the hosts that the service may ask`, remedy }];
  });
}
