import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ALL_TENANTS } from '../platform/reserved-tenants.ts';
import { stored } from '../platform/stored.ts';
import { readItem, type Table, writeIf } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { marketingPauseKey } from '../schemas/keys.ts';
import { MarketingPause, type MarketingPauseReply } from '../schemas/operations/marketing-pause.ts';

const StoredPause = stored(MarketingPause);

export type MarketingPauses = { ofTenant?: MarketingPause; ofAll?: MarketingPause };

/** The latest pauses, which may be lifted. */
export async function readMarketingPauses(table: Table, tenant: string): Promise<MarketingPauses> {
  const [ofTenant, ofAll] = await Promise.all([
    tenant === ALL_TENANTS ? undefined : findMarketingPause(table, tenant),
    findMarketingPause(table, ALL_TENANTS),
  ]);
  return { ...(ofTenant && { ofTenant }), ...(ofAll && { ofAll }) };
}

/** A tenant's pause and the one of all tenants, and whether either holds. */
export async function marketingPauseOf(table: Table, tenant: string): Promise<MarketingPauseReply> {
  const pauses = await readMarketingPauses(table, tenant);
  return { paused: [pauses.ofTenant, pauses.ofAll].some((pause) => pause?.state === 'paused'), ...pauses };
}

export async function isMarketingPaused(table: Table, tenant: string): Promise<boolean> {
  return (await marketingPauseOf(table, tenant)).paused;
}

/**
 * Pauses the marketing of a tenant, or of all (`ALL_TENANTS`). From none or `lifted` to `paused`.
 *
 * @param pause `at` in milliseconds since the epoch.
 * @returns `already-done` when marketing is paused already, whose reason then stays; `conflict` for an alarm that is older than the last
 * lift, as when its event is delivered twice.
 */
export async function pauseMarketing(
  table: Table,
  tenant: string,
  { at, ...why }: Pick<MarketingPause, 'reason' | 'cause' | 'by'> & { at: number },
): Promise<'done' | 'already-done' | 'conflict'> {
  const pause: MarketingPause = { state: 'paused', ...why, pausedAt: isoTime(at) };
  // Operations may always pause. An alarm's event may be delivered again after operations lifted the pause.
  const later =
    why.cause === 'alarm' ? { condition: ' AND liftedAt <= :at', values: { ':at': pause.pausedAt } } : { condition: '', values: {} };
  const request = new PutCommand({
    TableName: table.name,
    Item: { ...marketingPauseKey(tenant), ...pause },
    ConditionExpression: `attribute_not_exists(pk) OR (#state = :lifted${later.condition})`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':lifted': 'lifted', ...later.values },
  });
  if (await writeIf(table, request)) return 'done';
  return (await findMarketingPause(table, tenant))?.state === 'paused' ? 'already-done' : 'conflict';
}

/** From `paused` to `lifted`; does nothing in any other state. */
export async function liftMarketingPause(table: Table, tenant: string, { by, at }: { by: string; at: number }): Promise<void> {
  await writeIf(
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

async function findMarketingPause(table: Table, tenant: string): Promise<MarketingPause | undefined> {
  const item = await readItem(table, marketingPauseKey(tenant));
  return item && StoredPause.parse(item);
}
