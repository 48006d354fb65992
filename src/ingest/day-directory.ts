import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DAY } from '../platform/duration.ts';
import { readRange, type Table, writeIf } from '../platform/table.ts';
import { type DayList, dayKey } from '../schemas/keys.ts';

const MAX_REMEMBERED = 10_000;
const DAY_SECONDS = DAY / 1_000;

/** A day with records of a tenant, and the highest number of shards that they may be spread over. */
const Day = z
  .object({ sk: z.string().transform((sk) => sk.slice(sk.indexOf('#') + 1)), shards: z.number().int() })
  .transform(({ sk, shards }) => ({ day: sk, shards }));
export type Day = z.infer<typeof Day>;

/**
 * Records a day in the directory. Each process writes a day once, so the cost per event is negligible. `expiresAt` is that of the record,
 * in seconds since the epoch: the day is kept at least as long.
 */
export type DayDirectory = (tenant: string, list: DayList, day: string, expiresAt?: number) => Promise<void>;

/**
 * Record a day before its first record: a crash in between leaves an empty day, which is harmless, and never a record whose day is missing.
 */
export function createDayDirectory(table: Table, shards: number): DayDirectory {
  const recordedDays = new Set<string>();
  return async (tenant, list, day, recordExpiresAt) => {
    const key = dayKey(tenant, list, day);
    // Rounded up to whole days plus one, so that a process writes it at most once a day.
    const expiresAt = recordExpiresAt && (Math.ceil(recordExpiresAt / DAY_SECONDS) + 1) * DAY_SECONDS;
    const name = `${key.pk}#${key.sk}#${expiresAt ?? 'kept'}`;
    if (recordedDays.has(name)) return;
    await writeDay(table, { ...key, shards: list === 'EVENT' ? shards : 1, expiresAt });
    if (recordedDays.size >= MAX_REMEMBERED) recordedDays.clear();
    recordedDays.add(name);
  };
}

/** The number of shards and the expiry only grow, so that no record written under a larger number is missed later. */
async function writeDay(table: Table, item: { pk: string; sk: string; shards: number; expiresAt: number | undefined }): Promise<void> {
  const isLonger =
    item.expiresAt === undefined
      ? 'shards < :shards OR attribute_exists(expiresAt)'
      : '(attribute_exists(expiresAt) AND shards <= :shards AND (expiresAt < :expiresAt OR shards < :shards))';
  await writeIf(
    table,
    new PutCommand({
      TableName: table.name,
      Item: item,
      ConditionExpression: `attribute_not_exists(pk) OR ${isLonger}`,
      ExpressionAttributeValues: { ':shards': item.shards, ':expiresAt': item.expiresAt },
    }),
  );
}

export async function listDays(
  table: Table,
  query: { tenant: string; list: DayList; from: string; to: string; descending: boolean },
  limit: number,
): Promise<{ days: Day[]; more: boolean }> {
  const from = dayKey(query.tenant, query.list, query.from);
  const to = dayKey(query.tenant, query.list, query.to);
  const page = await readRange(table, { partition: from.pk, from: from.sk, to: to.sk, descending: query.descending }, limit);
  return { days: page.items.map((item) => Day.parse(item)), more: page.more };
}
