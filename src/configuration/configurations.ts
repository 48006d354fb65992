import * as z from 'zod';
import { MINUTE } from '../platform/duration.ts';
import { putOnce, readItem, type Table } from '../platform/table.ts';
import { TOTOGI_HOSTS } from '../platform/totogi-hosts.ts';
import { transact } from '../platform/transact.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import { configurationKey, tenantListKey } from '../schemas/keys.ts';
import { fromStoredText, toStoredText } from './configuration-documents.ts';
import { ownedNames } from './owned-names.ts';
import { type OwnershipPart, ownershipParts } from './ownership.ts';
import { OVERTAKEN, PublicationConflict, takenName } from './publication-conflict.ts';
import { unlistedHosts } from './unlisted-hosts.ts';

const POINTER_LIFE_MILLISECONDS = MINUTE;
const MAX_VERSIONS_KEPT = 200;

const Owned = z.object({ kind: z.string(), name: z.string() });
const Pointer = z.object({ version: z.string(), publishedAt: z.string(), owned: z.array(Owned) });
/** One JSON text, because templates and settings are always read together and may nest deeper than DynamoDB allows. */
const StoredVersion = z.object({ content: z.string().transform((text) => fromStoredText(text)) });

export type Configurations = {
  current(tenant: string): Promise<PublishedConfiguration | undefined>;
  /** One version, in force or not: a run keeps the version that it started with. */
  version(tenant: string, version: string): Promise<PublishedConfiguration>;
};

/**
 * Caches versions, which are immutable, and reads the pointer to the version in force again after 60 seconds.
 *
 * @param table the table, or a function that returns a tenant's own table.
 */
export function createConfigurations(table: Table | ((tenant: string) => Table), now: () => number): Configurations {
  const tableOf = typeof table === 'function' ? table : () => table;
  const pointers = new Map<string, { version: string | undefined; readAt: number }>();
  const versions = new Map<string, PublishedConfiguration>();

  async function pointer(tenant: string): Promise<string | undefined> {
    const known = pointers.get(tenant);
    if (known && Math.abs(now() - known.readAt) < POINTER_LIFE_MILLISECONDS) return known.version;
    const version = (await readPointer(tableOf(tenant), tenant))?.version;
    if (pointers.size >= MAX_VERSIONS_KEPT) pointers.clear();
    pointers.set(tenant, { version, readAt: now() });
    return version;
  }

  async function version(tenant: string, name: string): Promise<PublishedConfiguration> {
    const known = versions.get(`${tenant}#${name}`);
    if (known) return known;
    const item = await readItem(tableOf(tenant), configurationKey(tenant, name));
    if (!item) throw new Error(`Version ${name} of the configuration of tenant ${tenant} is not in the table.`);
    const published = StoredVersion.parse(item).content;
    if (versions.size >= MAX_VERSIONS_KEPT) versions.clear();
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

export function publishConfiguration(table: Table, published: PublishedConfiguration, at: Date): Promise<{ changed: boolean }> {
  return publishVersion(table, published, { at, totogiHosts: TOTOGI_HOSTS });
}

/**
 * Publishes a configuration: first its immutable version, then, in one transaction, the pointer, the ownership records and the entry in the
 * list of tenants.
 *
 * @param options.totogiHosts the Totogi hosts that the operator of the service allows.
 * @returns `changed: false` when this version was in force already.
 * @throws PublicationConflict when the configuration uses a host that is not allowed or a name of another tenant, or when another version
 * was published at the same time.
 */
export async function publishVersion(
  table: Table,
  published: PublishedConfiguration,
  { at, totogiHosts }: { at: Date; totogiHosts: readonly string[] },
): Promise<{ changed: boolean }> {
  const { tenant } = published.configuration;
  const unlisted = unlistedHosts(published.configuration, totogiHosts);
  if (unlisted.length > 0) throw new PublicationConflict(unlisted);
  const before = await readPointer(table, tenant);
  if (before?.version === published.version) return { changed: false };
  const publishedAt = at.toISOString();
  await putOnce(table, { ...configurationKey(tenant, published.version), content: toStoredText(published), publishedAt });
  const next = ownedNames(published.configuration);
  const owned = next.map(({ kind, name }) => ({ kind, name }));
  const pointer = { ...configurationKey(tenant, 'CURRENT'), version: published.version, publishedAt, owned };
  const parts: OwnershipPart[] = [
    { part: { Put: { TableName: table.name, Item: pointer, ...asItWas(before?.version) } } },
    { part: { Put: { TableName: table.name, Item: { ...tenantListKey(tenant), tenant, publishedAt } } } },
    ...ownershipParts(table, tenant, { before: before?.owned ?? [], next }),
  ];
  const failed = await transact(
    table,
    parts.map(({ part }) => part),
  );
  if (failed === undefined) return { changed: true };
  const taken = parts.flatMap(({ owned: name }, index) => (failed[index] && name ? [name] : []));
  if (taken.length > 0) throw new PublicationConflict(taken.map(takenName));
  // Two machines of one pipeline may publish the same version at once. Both succeed.
  if ((await readPointer(table, tenant))?.version === published.version) return { changed: false };
  throw new PublicationConflict([OVERTAKEN]);
}

async function readPointer(table: Table, tenant: string): Promise<z.infer<typeof Pointer> | undefined> {
  const item = await readItem(table, configurationKey(tenant, 'CURRENT'));
  return item && Pointer.parse(item);
}

function asItWas(version: string | undefined) {
  if (version === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': version } };
}
