import * as z from 'zod';
import { PublishedConfiguration } from '../schemas/published-configuration.ts';
import { stored } from '../schemas/stored.ts';
import { MarketingSettings, OperationsSettings } from '../schemas/tenant-configuration.ts';

/** A version as it is stored: what marketing and what operators decide are documents of their own. */
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

/** A version that was published under other rules, or by a newer checkout, is read as it is: a run keeps the one it began with. */
export function fromStoredText(text: string): PublishedConfiguration {
  const { marketing, operations, ...published } = StoredConfiguration.parse(JSON.parse(text));
  return { ...published, configuration: { ...operations, ...marketing } };
}
