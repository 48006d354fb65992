/** The same for every tenant. The emulator's subscribers have no others. */
export const plans = [
  { id: 'plan-gold-30', name: 'Gold, 30 days', days: 30, recurs: true },
  { id: 'plan-silver-30', name: 'Silver, 30 days', days: 30, recurs: true },
  { id: 'plan-data-10gb', name: 'Data, 10 GB', days: 30, recurs: false },
  { id: 'plan-weekend-pass', name: 'Weekend pass', days: 2, recurs: false },
] as const;

export type Plan = (typeof plans)[number];

export const balanceTypes = [
  { id: 'money', name: 'Money' },
  { id: 'data', name: 'Data' },
  { id: 'voice', name: 'Voice' },
  { id: 'text', name: 'Text' },
] as const;

export function findPlan(id: string | null | undefined): Plan | undefined {
  return plans.find((plan) => plan.id === id);
}
