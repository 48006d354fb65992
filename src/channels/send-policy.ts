import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import type { Configurations } from '../store/configurations.ts';

/**
 * The configuration that says whether and for how much a message may go: countries, limits and price of texts, hours and caps of marketing.
 * A run keeps the version that it began with for all else; these are always those in force, so that nothing goes on for weeks that a
 * tenant has forbidden since.
 */
export async function findSendPolicy(configurations: Configurations, own: PublishedConfiguration): Promise<PublishedConfiguration> {
  return (await configurations.current(own.configuration.tenant)) ?? own;
}
