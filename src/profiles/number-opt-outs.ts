import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ALL_TENANTS } from '../platform/reserved-tenants.ts';
import { readItem, type Table, writeIf } from '../platform/table.ts';
import { numberOptOutKey } from '../schemas/keys.ts';
import type { NumberOptOuts } from './apply-number-opt-out.ts';
import { phoneHash } from './phone-lookups.ts';

const StoredOptOuts = z.object({ stoppedAt: z.string().optional(), startedAt: z.string().optional() });

/**
 * Records a keyword by the number's hash, for known and unknown numbers. May be repeated and arrive in any order: the latest time wins.
 *
 * @param tenant whose texts are meant; `ALL_TENANTS` when unknown, which then applies to every tenant.
 * @param keyword `at` as RFC 3339 in UTC.
 */
export async function recordNumberKeyword(
  table: Table,
  tenant: string,
  phone: string,
  keyword: { word: 'stop' | 'start'; at: string },
): Promise<void> {
  // A later time that is stored already stays.
  await writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: numberOptOutKey(tenant, phoneHash(phone)),
      UpdateExpression: 'SET #at = :at',
      ConditionExpression: 'attribute_not_exists(#at) OR #at < :at',
      ExpressionAttributeNames: { '#at': keyword.word === 'stop' ? 'stoppedAt' : 'startedAt' },
      ExpressionAttributeValues: { ':at': keyword.at },
    }),
  );
}

export async function findNumberOptOuts(table: Table, tenant: string, phone: string): Promise<NumberOptOuts> {
  const hash = phoneHash(phone);
  const items = await Promise.all([tenant, ALL_TENANTS].map((whose) => readItem(table, numberOptOutKey(whose, hash))));
  const optOuts = items.flatMap((item) => (item === undefined ? [] : [StoredOptOuts.parse(item)]));
  const latest = (keyword: keyof NumberOptOuts) =>
    optOuts
      .flatMap((word) => word[keyword] ?? [])
      .toSorted()
      .at(-1);
  return { stoppedAt: latest('stoppedAt'), startedAt: latest('startedAt') };
}
