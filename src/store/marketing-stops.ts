import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MarketingStop } from '../schemas/marketing-stop.ts';
import { NO_TENANT } from '../schemas/no-tenant.ts';
import { stored } from '../schemas/stored.ts';
import { isoTime } from '../schemas/time.ts';
import { marketingStopKey } from './keys.ts';
import { readItem, type Table } from './table.ts';

const StoredStop = stored(MarketingStop);

/** The stops that hold for a tenant: its own, and that of all. */
export type MarketingStops = { ofTenant?: MarketingStop; ofAll?: MarketingStop };

/** The last stop of a tenant and the last one of all, whether they are in force or lifted. */
export async function readMarketingStops(table: Table, tenant: string): Promise<MarketingStops> {
  const [ofTenant, ofAll] = await Promise.all([
    tenant === NO_TENANT ? undefined : findMarketingStop(table, tenant),
    findMarketingStop(table, NO_TENANT),
  ]);
  return { ...(ofTenant && { ofTenant }), ...(ofAll && { ofAll }) };
}

/** Whether nothing of the class marketing may go out. */
export async function isMarketingStopped(table: Table, tenant: string): Promise<boolean> {
  const { ofTenant, ofAll } = await readMarketingStops(table, tenant);
  return ofTenant?.state === 'stopped' || ofAll?.state === 'stopped';
}

/**
 * Stops the marketing of a tenant, or of all (the reserved tenant `-`). From none or `lifted` to `stopped`.
 *
 * @param wish why, who wants it, and since when there is a reason for it, in milliseconds since the epoch.
 * @returns `already-done` when it is stopped, for whatever reason: that one stands; `conflict` for an alarm that rang before the last stop
 * was lifted, as when its event comes twice.
 */
export async function stopMarketing(
  table: Table,
  tenant: string,
  { at, ...why }: Pick<MarketingStop, 'reason' | 'cause' | 'by'> & { at: number },
): Promise<'done' | 'already-done' | 'conflict'> {
  const stop: MarketingStop = { state: 'stopped', ...why, stoppedAt: isoTime(at) };
  // Operations may always stop it; an alarm's event may come again when operations have dealt with it.
  const later =
    why.cause === 'alarm' ? { condition: ' AND liftedAt <= :at', values: { ':at': stop.stoppedAt } } : { condition: '', values: {} };
  const request = new PutCommand({
    TableName: table.name,
    Item: { ...marketingStopKey(tenant), ...stop },
    ConditionExpression: `attribute_not_exists(pk) OR (#state = :lifted${later.condition})`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':lifted': 'lifted', ...later.values },
  });
  if (await holds(table, request)) return 'done';
  return (await findMarketingStop(table, tenant))?.state === 'stopped' ? 'already-done' : 'conflict';
}

/** Lifts a stop. From `stopped` to `lifted`; anything else is left as it is. */
export async function liftMarketingStop(table: Table, tenant: string, { by, at }: { by: string; at: number }): Promise<void> {
  await holds(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: marketingStopKey(tenant),
      UpdateExpression: 'SET #state = :lifted, liftedBy = :by, liftedAt = :at',
      ConditionExpression: '#state = :stopped',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':lifted': 'lifted', ':stopped': 'stopped', ':by': by, ':at': isoTime(at) },
    }),
  );
}

async function holds({ client }: Table, request: PutCommand | UpdateCommand): Promise<boolean> {
  try {
    await (request instanceof PutCommand ? client.send(request) : client.send(request));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function findMarketingStop(table: Table, tenant: string): Promise<MarketingStop | undefined> {
  const item = await readItem(table, marketingStopKey(tenant));
  return item && StoredStop.parse(item);
}
