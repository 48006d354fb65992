import * as z from 'zod';
import { readRange, type Table } from '../platform/table.ts';
import { budgetKey, dayOf } from '../schemas/keys.ts';

const StoredBudget = z.object({ sk: z.string(), taken: z.number() });
/** Today and the total; a clock that is ahead may have started the next day. */
const MAX_PERIODS = 3;

/**
 * Budget taken in total and on a day (UTC). An unlimited budget is not counted and reads as 0.
 *
 * @param at a time on that day, in milliseconds since the epoch.
 */
export async function readBudget(
  table: Table,
  { tenant, offer }: { tenant: string; offer: string },
  at: number,
): Promise<{ taken: number; takenToday: number }> {
  const today = budgetKey(tenant, offer, dayOf(at));
  const whole = budgetKey(tenant, offer, 'TOTAL');
  const { items } = await readRange(table, { partition: today.pk, from: today.sk, to: whole.sk, descending: false }, MAX_PERIODS);
  const taken = new Map(items.map((item) => StoredBudget.parse(item)).map((budget) => [budget.sk, budget.taken]));
  return { taken: taken.get(whole.sk) ?? 0, takenToday: taken.get(today.sk) ?? 0 };
}
