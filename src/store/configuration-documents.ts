import * as z from 'zod';
import { PublishedConfiguration } from '../schemas/published-configuration.ts';
import { MarketingSettings, OperationsSettings } from '../schemas/tenant-configuration.ts';

/** A version as it is stored: what marketing and what operators decide are documents of their own. */
const StoredConfiguration = z.object({
  ...PublishedConfiguration.omit({ configuration: true }).shape,
  marketing: MarketingSettings,
  operations: OperationsSettings,
});

export function toStoredText({ configuration, ...published }: PublishedConfiguration): string {
  const marketing = MarketingSettings.strip().parse(configuration);
  const operations = OperationsSettings.strip().parse(configuration);
  return JSON.stringify({ ...published, marketing, operations });
}

/** A version that a newer checkout published may hold fields that this code does not know: they are left out, not refused. */
export function fromStoredText(text: string): PublishedConfiguration {
  const content: unknown = JSON.parse(text);
  const { marketing, operations, ...published } = parseKnown(content);
  return { ...published, configuration: { ...operations, ...marketing } };
}

function parseKnown(content: unknown): z.infer<typeof StoredConfiguration> {
  const parsed = StoredConfiguration.safeParse(content);
  if (parsed.success) return parsed.data;
  const unknownKeys = parsed.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [issue] : []));
  if (unknownKeys.length < parsed.error.issues.length) throw parsed.error;
  for (const { path, keys } of unknownKeys) {
    const holder = path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), content);
    for (const key of keys) Reflect.deleteProperty(Object(holder), key);
  }
  return StoredConfiguration.parse(content);
}
