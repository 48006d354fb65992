import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import type { Configurations } from '../store/configurations.ts';

/**
 * The send policy comes from the version in force: countries, limits and prices of texts, sending windows and frequency caps. For all else
 * a run keeps the version that it started with. So no run keeps sending for weeks what a tenant has since forbidden.
 */
export async function findSendPolicy(configurations: Configurations, own: PublishedConfiguration): Promise<PublishedConfiguration> {
  return (await configurations.current(own.configuration.tenant)) ?? own;
}
