import { Offer } from '../../src/schemas/offer/offer.ts';

/** Accounts are held out from other tenants' offers at random; these settings are the same for each offer. */
const COMMON = { class: 'marketing', exclusions: { hadBefore: true, anotherWithinDays: 0 }, holdoutPercent: 10 } as const;
const SOON = { windowDays: 2 };

/** Each kind of grant, each way to start, and each channel. */
const OFFERS: Record<string, unknown[]> = {
  'prove-prompt': [
    {
      ...COMMON,
      id: 'month',
      name: { en: 'one more month' },
      trigger: { workflows: ['win-back'] },
      audience: { churnScore: { from: 0.2 } },
      grant: { kind: 'subscribe', plan: 'plan-gold-30' },
      validHours: 24,
      attribution: { ...SOON, goal: { type: 'NewPlanActivated', plan: 'plan-gold-30' } },
    },
  ],
  'prove-patient': [
    {
      ...COMMON,
      id: 'data',
      name: { en: 'more data' },
      trigger: { workflows: ['win-back'] },
      audience: { churnScore: { from: 0.1 } },
      grant: { kind: 'create-balance', balanceType: 'data', amount: 1_073_741_824 },
      channels: ['sms', 'email'],
      validHours: 36,
      reminderHoursBefore: 12,
      attribution: { ...SOON, goal: { type: 'AutoRenewSuccess' } },
    },
    {
      ...COMMON,
      id: 'credit',
      name: { en: 'some credit' },
      trigger: { notifications: ['PlanRollover'] },
      grant: { kind: 'credit-balance', balanceType: 'money', amount: 5 },
      budget: { total: 25 },
      validHours: 24,
      attribution: { ...SOON, goal: { type: 'AutoRenewSuccess' } },
    },
  ],
};

export function offersOf(tenant: string): Offer[] {
  return (OFFERS[tenant] ?? []).map((offer) => Offer.parse(offer));
}
