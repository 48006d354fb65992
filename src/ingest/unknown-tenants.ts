import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { expiryAfter, readRange, type Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { ulidSpread } from '../platform/ulid.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import { unknownTenantKey } from '../schemas/keys.ts';
import { UNKNOWN_TENANT_DAYS, type UnknownTenant } from '../schemas/operations/unknown-tenant.ts';

/** Spreads the writes of a tenant with thousands of events a second. */
const SHARDS = 8;
/** Further names count together, so that invented names cannot fill the table. */
const MAX_NAMES_PER_PROCESS = 100;
const MAX_LISTED = 1_000;
/** Sorts after every valid tenant name. */
const LAST_NAME = '~';

/** `at` in milliseconds since the epoch. */
export type CountUnknownTenant = (event: Pick<RecordedEvent, 'id' | 'notification'>, at: number) => Promise<void>;

export function createUnknownTenantCounter(table: Table): CountUnknownTenant {
  const names = new Set<string>();
  return async ({ id, notification: { tenant } }, at) => {
    if (names.size < MAX_NAMES_PER_PROCESS) names.add(tenant);
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: unknownTenantKey(ulidSpread(id) % SHARDS, names.has(tenant) ? tenant : UNKNOWN_TENANT),
        UpdateExpression: 'SET firstSeenAt = if_not_exists(firstSeenAt, :at), lastSeenAt = :at, expiresAt = :expiresAt ADD events :one',
        ExpressionAttributeValues: { ':at': isoTime(at), ':expiresAt': expiryAfter(at, UNKNOWN_TENANT_DAYS), ':one': 1 },
      }),
    );
  };
}

const StoredShare = z.object({ sk: z.string(), events: z.number(), firstSeenAt: z.string(), lastSeenAt: z.string() });

export async function listUnknownTenants(table: Table): Promise<UnknownTenant[]> {
  const shards = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => {
      const { pk } = unknownTenantKey(shard, UNKNOWN_TENANT);
      return readRange(table, { partition: pk, from: UNKNOWN_TENANT, to: LAST_NAME, descending: false }, MAX_LISTED);
    }),
  );
  const shares = Map.groupBy(
    shards.flatMap(({ items }) => items.map((item) => StoredShare.parse(item))),
    ({ sk }) => sk,
  );
  const tenants = [...shares].map(([tenant, counted]) => ({
    tenant,
    events: counted.reduce((sum, { events }) => sum + events, 0),
    firstSeenAt: counted.map(({ firstSeenAt }) => firstSeenAt).sort()[0] ?? '',
    lastSeenAt:
      counted
        .map(({ lastSeenAt }) => lastSeenAt)
        .sort()
        .at(-1) ?? '',
  }));
  return tenants.sort((left, right) => (left.lastSeenAt < right.lastSeenAt ? 1 : -1)).slice(0, MAX_LISTED);
}
