import { createHash } from 'node:crypto';
import * as z from 'zod';
import { fictionalNumber } from '../../tooling/traffic/phone-numbers.ts';
import { createRandom } from '../../tooling/traffic/random.ts';
import { findPlan, plans } from './plans.ts';

export const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Totogi's value for no end. */
export const noEnd = '3000-01-01T00:00:00.000Z';

const Subscription = z.object({
  planSubscriptionId: z.string(),
  planId: z.string(),
  from: z.string(),
  to: z.string(),
  renewal: z.string().nullable(),
  /** A new subscription is inactive until its first use. */
  used: z.boolean(),
  /** Set up with an end, or warned of one. */
  isEndKnown: z.boolean().default(false),
});
export type Subscription = z.infer<typeof Subscription>;

const Balance = z.object({
  balanceId: z.string(),
  balanceTypeId: z.string(),
  value: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

export const Account = z.object({
  timezone: z.string(),
  churnScore: z.number().nullable(),
  customProperties: z.record(z.string(), z.unknown()),
  lifecycle: z
    .object({ id: z.string(), name: z.string(), state: z.string(), since: z.string(), expiryDays: z.number().nullable() })
    .nullable(),
  subscriptions: z.array(Subscription),
  balances: z.array(Balance),
  /** False makes Totogi answer AccountNotFound. */
  exists: z.boolean(),
});
export type Account = z.infer<typeof Account>;

const zones = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'] as const;

/**
 * The default account of a name. Everything but its dates derives from the name, so that it is the same on every machine.
 *
 * @param now milliseconds since the epoch; its plan started at least an hour before.
 */
export function inventedAccount(provider: string, id: string, now: number): Account {
  const random = createRandom(`totogi/${provider}/${id}`);
  const plan = random.pick(plans);
  const daysAgo = random.integer(0, plan.days - 1);
  const began = now - daysAgo * dayMs - hourMs;
  const subscription = subscriptionTo(plan.id, nameOf(provider, id, 'plan'), began);
  return {
    timezone: random.pick(zones),
    churnScore: random.integer(0, 100) / 100,
    customProperties: {
      contact: { phone: `+${fictionalNumber(random.integer(0, 9_000))}`, email: `${nameOf(provider, id, 'mail')}@subscribers.example` },
      segment: random.pick(['consumer', 'family', 'business']),
    },
    lifecycle: { id: 'prepaid', name: 'Prepaid', state: 'active', since: iso(began), expiryDays: 365 },
    subscriptions: [{ ...subscription, used: true }],
    balances: [
      { balanceId: nameOf(provider, id, 'money'), balanceTypeId: 'money', value: random.integer(0, 4_000) / 100, from: null, to: null },
      { balanceId: nameOf(provider, id, 'data'), balanceTypeId: 'data', value: random.integer(1, 100) * 104_857_600, from: null, to: null },
    ],
    exists: true,
  };
}

/** Lasts as long as its plan, unless `to` is given. */
export function subscriptionTo(planId: string, planSubscriptionId: string, from: number, to?: string | null): Subscription {
  const plan = findPlan(planId);
  const periodEnd = iso(from + (plan?.days ?? 30) * dayMs);
  const recurs = plan?.recurs === true && to == null;
  return {
    planSubscriptionId,
    planId,
    from: iso(from),
    to: to ?? (recurs ? noEnd : periodEnd),
    renewal: recurs ? periodEnd : null,
    isEndKnown: to != null,
    used: false,
  };
}

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function nameOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}
