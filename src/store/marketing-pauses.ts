import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MarketingPause } from '../schemas/marketing-pause.ts';
import { ALL_TENANTS } from '../schemas/reserved-tenants.ts';
import { stored } from '../schemas/stored.ts';
import { isoTime } from '../schemas/time.ts';
import { marketingPauseKey } from './keys.ts';
import { readItem, type Table } from './table.ts';

const StoredPause = stored(MarketingPause);

/** The pauses that hold for a tenant: its own, and that of all. */
export type MarketingPauses = { ofTenant?: MarketingPause; ofAll?: MarketingPause };

/** The last pause of a tenant and the last one of all, whether they are in force or lifted. */
export async function readMarketingPauses(table: Table, tenant: string): Promise<MarketingPauses> {
  const [ofTenant, ofAll] = await Promise.all([
    tenant === ALL_TENANTS ? undefined : findMarketingPause(table, tenant),
    findMarketingPause(table, ALL_TENANTS),
  ]);
  return { ...(ofTenant && { ofTenant }), ...(ofAll && { ofAll }) };
}

export async function isMarketingPaused(table: Table, tenant: string): Promise<boolean> {
  const { ofTenant, ofAll } = await readMarketingPauses(table, tenant);
  return ofTenant?.state === 'paused' || ofAll?.state === 'paused';
}

/**
 * Pauses the marketing of a tenant, or of all (the reserved tenant `-`). From none or `lifted` to `stopped`.
 *
 * @param wish why, who wants it, and since when there is a reason for it, in milliseconds since the epoch.
 * @returns `already-done` when it is stopped, for whatever reason: that one stands; `conflict` for an alarm that rang before the last stop
 * was lifted, as when its event comes twice.
 */
export async function pauseMarketing(
  table: Table,
  tenant: string,
  { at, ...why }: Pick<MarketingPause, 'reason' | 'cause' | 'by'> & { at: number },
): Promise<'done' | 'already-done' | 'conflict'> {
  const pause: MarketingPause = { state: 'paused', ...why, pausedAt: isoTime(at) };
  // Operations may always stop it; an alarm's event may come again when operations have dealt with it.
  const later =
    why.cause === 'alarm' ? { condition: ' AND liftedAt <= :at', values: { ':at': pause.pausedAt } } : { condition: '', values: {} };
  const request = new PutCommand({
    TableName: table.name,
    Item: { ...marketingPauseKey(tenant), ...pause },
    ConditionExpression: `attribute_not_exists(pk) OR (#state = :lifted${later.condition})`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':lifted': 'lifted', ...later.values },
  });
  if (await succeeds(table, request)) return 'done';
  return (await findMarketingPause(table, tenant))?.state === 'paused' ? 'already-done' : 'conflict';
}

/** Lifts a stop. From `stopped` to `lifted`; anything else is left as it is. */
export async function liftMarketingPause(table: Table, tenant: string, { by, at }: { by: string; at: number }): Promise<void> {
  await succeeds(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: marketingPauseKey(tenant),
      UpdateExpression: 'SET #state = :lifted, liftedBy = :by, liftedAt = :at',
      ConditionExpression: '#state = :paused',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':lifted': 'lifted', ':paused': 'paused', ':by': by, ':at': isoTime(at) },
    }),
  );
}

async function succeeds({ client }: Table, request: PutCommand | UpdateCommand): Promise<boolean> {
  try {
    await (request instanceof PutCommand ? client.send(request) : client.send(request));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function findMarketingPause(table: Table, tenant: string): Promise<MarketingPause | undefined> {
  const item = await readItem(table, marketingPauseKey(tenant));
  return item && StoredPause.parse(item);
}
