import type * as z from 'zod';
import { Offer } from '../../src/schemas/offer/offer.ts';

/** An offer that win-back hands over to, for anybody; what is given replaces parts of it. */
export function offer(parts: Partial<z.input<typeof Offer>> = {}): Offer {
  return Offer.parse({
    id: 'free-month',
    name: { en: 'a free month' },
    class: 'marketing',
    trigger: { workflows: ['win-back'] },
    grant: { kind: 'subscribe', plan: 'plan-1' },
    validHours: 72,
    attribution: { goal: { type: 'NewPlanActivated' } },
    ...parts,
  });
}
