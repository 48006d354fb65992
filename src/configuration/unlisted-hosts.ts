import { hostOf } from '../platform/totogi-hosts.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { LocatedFault } from './publication-conflict.ts';

/** A tenant's Totogi addresses at hosts that the operator does not list: the key and secret would be sent there. */
export function unlistedHosts({ totogi }: TenantConfiguration, totogiHosts: readonly string[]): LocatedFault[] {
  return (['endpoint', 'tokenUrl'] as const).flatMap((field) => {
    const host = hostOf(totogi?.[field] ?? '');
    if (host === undefined || totogiHosts.includes(host)) return [];
    const remedy = `Write an address at one of: ${totogiHosts.join(', ')}; the stack's parameter totogiHosts lists others (docs/deploy.md)`;
    return [{ path: ['totogi', field], fault: `is at "${host}", which is not one of the hosts that the service may ask`, remedy }];
  });
}
