import * as z from 'zod';
import { stored } from '../platform/stored.ts';
import { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import { MarketingSettings, OperationsSettings } from '../schemas/configuration/tenant-configuration.ts';

const StoredConfiguration = stored(
  z.object({
    ...PublishedConfiguration.omit({ configuration: true }).shape,
    marketing: MarketingSettings,
    operations: OperationsSettings,
  }),
);

export function toStoredText({ configuration, ...published }: PublishedConfiguration): string {
  const marketing = MarketingSettings.strip().parse(configuration);
  const operations = OperationsSettings.strip().parse(configuration);
  return JSON.stringify({ ...published, marketing, operations });
}

/** Tolerates versions published under older or newer rules, because a run keeps the version that it started with. */
export function fromStoredText(text: string): PublishedConfiguration {
  const { marketing, operations, ...published } = StoredConfiguration.parse(JSON.parse(text));
  return { ...published, configuration: { ...operations, ...marketing } };
}
