import { describe, expect, test } from 'vitest';
import { liftInterval } from '../../src/offers/lift-interval.ts';
import { type DayFigures, NO_FIGURES, offerPerformance, type PerformanceQuestion } from '../../src/offers/offer-performance.ts';

const DAYS: DayFigures[] = [
  {
    day: '2026-05-01',
    figures: {
      ...NO_FIGURES,
      issued: 60,
      converted: 20,
      heldOut: 10,
      heldOutConverted: 1,
      sms: { ...NO_FIGURES.sms, sent: 70, parts: 90, delivered: 55 },
      email: { ...NO_FIGURES.email, sent: 10, delivered: 9 },
    },
  },
  {
    day: '2026-05-02',
    figures: {
      ...NO_FIGURES,
      issued: 20,
      converted: 0,
      heldOut: 10,
      heldOutConverted: 0,
      sms: { ...NO_FIGURES.sms, sent: 20, parts: 20, delivered: 20 },
    },
  },
];
const QUESTION: PerformanceQuestion = {
  offer: 'free-month',
  from: Date.parse('2026-05-01'),
  to: Date.parse('2026-05-03'),
  windowDays: 14,
  prices: { currency: 'USD', smsPart: 0.01, email: 0.001 },
  now: Date.parse('2026-06-01'),
};
const earned = (parts: Partial<PerformanceQuestion> = {}, days = DAYS) => offerPerformance(days, { ...QUESTION, ...parts });

describe('what an offer earned', () => {
  test('is the sum of its days, by channel', () => {
    expect(earned()).toMatchObject({
      offer: 'free-month',
      from: '2026-05-01T00:00:00.000Z',
      to: '2026-05-03T00:00:00.000Z',
      total: { issued: 80, converted: 20, sms: { sent: 90, parts: 110, delivered: 75 }, email: { sent: 10, delivered: 9 } },
      days: [
        { day: '2026-05-01', issued: 60 },
        { day: '2026-05-02', issued: 20 },
      ],
    });
  });

  test('is compared with those held out', () => {
    expect(earned().comparison).toEqual({
      offered: { accounts: 80, converted: 20, rate: 0.25 },
      heldOut: { accounts: 20, converted: 1, rate: 0.05 },
      lift: 0.2,
      liftWithin: { from: -0.003368, to: 0.312621 },
      complete: true,
    });
  });

  test('is compared with nobody where nobody is held out', () => {
    const [day] = DAYS;
    const alone = day ? [{ ...day, figures: { ...day.figures, heldOut: 0, heldOutConverted: 0 } }] : [];
    expect(earned({}, alone).comparison).toMatchObject({ heldOut: { accounts: 0, rate: null }, lift: null, liftWithin: null });
    expect(earned({}, [])).toMatchObject({ total: NO_FIGURES, days: [], comparison: { offered: { rate: null }, lift: null } });
  });

  test('is complete when the window of the last issue is over', () => {
    const at = (now: string) => earned({ now: Date.parse(now) });
    expect(at('2026-05-16T00:00:00Z').days.map(({ complete }) => complete)).toEqual([true, false]);
    expect(at('2026-05-16T00:00:00Z').comparison.complete).toBe(false);
    expect(at('2026-05-17T00:00:00Z').comparison.complete).toBe(true);
  });

  test.each([
    ['what was sent by what it costs', { currency: 'USD', smsPart: 0.01, email: 0.001 }, { currency: 'USD', amount: 1.11 }],
    ['unknown without prices', undefined, null],
    ['unknown where a price that it needs is missing', { currency: 'USD', smsPart: 0.01 }, null],
  ])('cost %s', (_case, prices, cost) => {
    expect(earned({ prices }).cost).toEqual(cost);
  });

  test('needs no price of what was not sent', () => {
    expect(earned({ prices: { currency: 'EUR', smsPart: 0.05 } }, DAYS.slice(1)).cost).toEqual({ currency: 'EUR', amount: 1 });
  });
});

// R. G. Newcombe, Interval estimation for the difference between independent proportions, 1998, table II, method 10.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [10, 10, 0, 10, 0.6075, 1],
])('the lift of %i of %i over %i of %i lies where the paper says', (converted, accounts, heldOutConverted, heldOut, from, to) => {
  const within = liftInterval({ accounts, converted }, { accounts: heldOut, converted: heldOutConverted });
  expect(within.from).toBeCloseTo(from, 4);
  expect(within.to).toBeCloseTo(to, 4);
});
