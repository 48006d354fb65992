import * as z from 'zod';
import { budgetKey, dayOf } from '../keys.ts';
import { readRange, type Table } from '../table.ts';

const StoredBudget = z.object({ sk: z.string(), taken: z.number() });
/** The day's and the whole: a clock that is ahead may have started the next day's. */
const MAX_PERIODS = 3;

/**
 * How much of an offer's budget is taken, in all and on a day (UTC). What is not limited is not counted, and 0.
 *
 * @param at a moment of the day, in milliseconds since the epoch.
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
