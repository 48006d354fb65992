import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PublishedConfiguration } from '../schemas/published-configuration.ts';
import { configurationKey } from './keys.ts';
import { putOnce, readItem, type Table } from './table.ts';

/** How long a function relies on which version is in force, in milliseconds. */
const POINTER_LIFE_MILLISECONDS = 60_000;
const MOST_VERSIONS_KEPT = 200;

const Pointer = z.object({ version: z.string(), publishedAt: z.string() });
/** Templates and settings are one JSON text: they are read and written as one, and DynamoDB's nesting need not fit them. */
const StoredVersion = z.object({ content: z.string().transform((text) => readPublished(JSON.parse(text))) });

/** The tenants' configurations, as functions read them. */
export type Configurations = {
  /** The version in force, or undefined where the tenant has none. */
  current(tenant: string): Promise<PublishedConfiguration | undefined>;
  /** One version, whether in force or not: a run keeps the one it began with. */
  version(tenant: string, version: string): Promise<PublishedConfiguration>;
};

/**
 * Opens the configurations for reading. Versions never change and are kept; which one is in force is asked again after 60 seconds.
 *
 * @param table the table, or that of a tenant where each has its own access.
 * @param now the clock, in milliseconds since the epoch.
 */
export function openConfigurations(table: Table | ((tenant: string) => Table), now: () => number): Configurations {
  const tableOf = typeof table === 'function' ? table : () => table;
  const pointers = new Map<string, { version: string | undefined; readAt: number }>();
  const versions = new Map<string, PublishedConfiguration>();

  async function pointer(tenant: string): Promise<string | undefined> {
    const known = pointers.get(tenant);
    if (known && Math.abs(now() - known.readAt) < POINTER_LIFE_MILLISECONDS) return known.version;
    const item = await readItem(tableOf(tenant), configurationKey(tenant, 'CURRENT'));
    const version = item && Pointer.parse(item).version;
    if (pointers.size >= MOST_VERSIONS_KEPT) pointers.clear();
    pointers.set(tenant, { version, readAt: now() });
    return version;
  }

  async function version(tenant: string, name: string): Promise<PublishedConfiguration> {
    const known = versions.get(`${tenant}#${name}`);
    if (known) return known;
    const item = await readItem(tableOf(tenant), configurationKey(tenant, name));
    if (!item) throw new Error(`Version ${name} of the configuration of tenant ${tenant} is not in the table.`);
    const published = StoredVersion.parse(item).content;
    if (versions.size >= MOST_VERSIONS_KEPT) versions.clear();
    versions.set(`${tenant}#${name}`, published);
    return published;
  }

  return {
    async current(tenant) {
      const name = await pointer(tenant);
      return name === undefined ? undefined : version(tenant, name);
    },
    version,
  };
}

/**
 * Puts a configuration into force: its immutable version first, then the pointer.
 *
 * @returns whether anything changed: the version in force before may have been the same.
 */
export async function publishConfiguration(table: Table, published: PublishedConfiguration, at: Date): Promise<{ changed: boolean }> {
  const { tenant } = published.configuration;
  const before = await readItem(table, configurationKey(tenant, 'CURRENT'));
  if (before && Pointer.parse(before).version === published.version) return { changed: false };
  await putOnce(table, {
    ...configurationKey(tenant, published.version),
    content: JSON.stringify(published),
    publishedAt: at.toISOString(),
  });
  const pointer = { ...configurationKey(tenant, 'CURRENT'), version: published.version, publishedAt: at.toISOString() };
  await table.client.send(new PutCommand({ TableName: table.name, Item: pointer }));
  return { changed: true };
}

/** A version that a newer checkout published may hold fields that this code does not know: they are left out, not refused. */
function readPublished(content: unknown): PublishedConfiguration {
  const parsed = PublishedConfiguration.safeParse(content);
  if (parsed.success) return parsed.data;
  const unknownKeys = parsed.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [issue] : []));
  if (unknownKeys.length < parsed.error.issues.length) throw parsed.error;
  for (const { path, keys } of unknownKeys) {
    const holder = path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), content);
    for (const key of keys) Reflect.deleteProperty(Object(holder), key);
  }
  return PublishedConfiguration.parse(content);
}
