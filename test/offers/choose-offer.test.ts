import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chooseOffer, type OfferFacts } from '../../src/offers/choose-offer.ts';
import { isHeldOut } from '../../src/offers/holdout.ts';
import type { PassedReason } from '../../src/schemas/offer/offer-reasons.ts';
import { offer } from '../builders/offers.ts';

const NOW = Date.parse('2026-05-01T08:00:00Z');
const WIN_BACK = { workflow: 'win-back', notification: 'PlanCancelled' } as const;
const DAY_MILLISECONDS = 24 * 3_600_000;

const facts = (parts: Partial<OfferFacts> = {}): OfferFacts => ({
  tenant: 'mvno-example',
  account: 'acc-1',
  language: 'en',
  churnScore: undefined,
  lifecycleState: undefined,
  plans: undefined,
  customProperties: undefined,
  history: [],
  ...parts,
});
const daysAgo = (days: number) => new Date(NOW - days * DAY_MILLISECONDS).toISOString();
const issued = (id: string, days: number, state: 'issued' | 'held-out' | 'redeemed' = 'redeemed') => ({
  offer: id,
  state,
  issuedAt: daysAgo(days),
});

type Case = [what: string, parts: Parameters<typeof offer>[0], facts: Partial<OfferFacts>, reason: PassedReason | 'chosen'];

const cases: Case[] = [
  ['an offer for anybody fits whom nothing is known of', {}, {}, 'chosen'],
  ['a score within both ends fits', { audience: { churnScore: { from: 0.5, to: 0.8 } } }, { churnScore: 0.8 }, 'chosen'],
  ['the lower end is within', { audience: { churnScore: { from: 0.5 } } }, { churnScore: 0.5 }, 'chosen'],
  ['a lower score does not fit', { audience: { churnScore: { from: 0.5 } } }, { churnScore: 0.4999 }, 'churn-score-outside'],
  ['a score that nobody knows does not fit', { audience: { churnScore: { from: 0 } } }, {}, 'churn-score-unknown'],
  ['a state of the lifecycle fits', { audience: { lifecycleStates: ['Active', 'Dormant'] } }, { lifecycleState: 'Dormant' }, 'chosen'],
  ['another state does not', { audience: { lifecycleStates: ['Active'] } }, { lifecycleState: 'active' }, 'lifecycle-state-outside'],
  ['an unknown state does not', { audience: { lifecycleStates: ['Active'] } }, {}, 'lifecycle-state-unknown'],
  ['one of several plans fits', { audience: { currentPlans: ['p-1', 'p-2'] } }, { plans: ['p-0', 'p-2'] }, 'chosen'],
  ['no plan at all does not', { audience: { currentPlans: ['p-1'] } }, { plans: [] }, 'plan-outside'],
  ['unknown plans do not', { audience: { currentPlans: ['p-1'] } }, {}, 'plan-unknown'],
  ['a language fits', { audience: { languages: ['es'] } }, { language: 'es' }, 'chosen'],
  ['another language does not', { audience: { languages: ['es'] } }, { language: 'en' }, 'language-outside'],
  ['an attribute fits', { audience: { attributes: { segment: 'gold' } } }, { customProperties: { segment: 'gold' } }, 'chosen'],
  ['one of several values fits', { audience: { attributes: { a: [1, 2] } } }, { customProperties: { a: 2 } }, 'chosen'],
  ['a number is not its text', { audience: { attributes: { a: 1 } } }, { customProperties: { a: '1' } }, 'attribute-outside'],
  ['a path leads inside', { audience: { attributes: { 'b.c': true } } }, { customProperties: { b: { c: true } } }, 'chosen'],
  ['a path that ends is unknown', { audience: { attributes: { 'b.c': true } } }, { customProperties: { b: 1 } }, 'attribute-unknown'],
  ['null is unknown', { audience: { attributes: { a: 1 } } }, { customProperties: { a: null } }, 'attribute-unknown'],
  [
    'what every object has is no attribute',
    { audience: { attributes: { constructor: 1 } } },
    { customProperties: {} },
    'attribute-unknown',
  ],
  ['who had it gets it no more', {}, { history: [issued('free-month', 400)] }, 'had-before'],
  ['nor who was held out from it', {}, { history: [issued('free-month', 400, 'held-out')] }, 'had-before'],
  [
    'unless it may be had again',
    { exclusions: { hadBefore: false } },
    { history: [issued('free-month', 1), issued('free-month', 2)] },
    'chosen',
  ],
  ['another one of late keeps it away', {}, { history: [issued('other', 29.9)] }, 'another-recently'],
  ['one of long ago does not', {}, { history: [issued('other', 30)] }, 'chosen'],
  ['nor one that the account was held out from', {}, { history: [issued('other', 1, 'held-out')] }, 'chosen'],
];

test.each(cases)('%s', (_, parts, known, reason) => {
  const { candidates, passed } = chooseOffer([offer(parts)], WIN_BACK, facts(known), NOW);
  expect(candidates.map(({ offer: { id } }) => id)).toEqual(reason === 'chosen' ? ['free-month'] : []);
  expect(passed).toEqual(reason === 'chosen' ? [] : [{ offer: 'free-month', reason }]);
});

describe('of several offers', () => {
  const ids = (offers: ReturnType<typeof offer>[], parts: Partial<OfferFacts> = {}) =>
    chooseOffer(offers, WIN_BACK, facts(parts), NOW).candidates.map(({ offer: { id } }) => id);

  test('the highest priority comes first, then the id', () => {
    expect(ids([offer({ id: 'b' }), offer({ id: 'c', priority: 500 }), offer({ id: 'a' })])).toEqual(['c', 'a', 'b']);
  });

  test('only those meant for the trigger are looked at', () => {
    const other = offer({ id: 'other', trigger: { notifications: ['PlanExpired'] } });
    expect(chooseOffer([other, offer()], WIN_BACK, facts(), NOW)).toMatchObject({
      candidates: [{ offer: { id: 'free-month' } }],
      passed: [],
    });
    const { candidates } = chooseOffer([other, offer()], { workflow: undefined, notification: 'PlanExpired' }, facts(), NOW);
    expect(candidates).toMatchObject([{ offer: { id: 'other' } }]);
  });

  test('none comes after one that the account is held out from', () => {
    const heldOut = offer({ id: 'best', priority: 900, holdoutPercent: 90 });
    const account = Array.from({ length: 50 }, (_, index) => `acc-${index}`).find((one) =>
      isHeldOut({ tenant: 'mvno-example', offer: 'best', account: one }, 90),
    );
    expect(ids([heldOut, offer()], { account: account ?? '' })).toEqual(['best']);
  });
});

describe('who is held out', () => {
  // Made by Python: the first four bytes of SHA-256 over the JSON, as a share of 2^32, in percent.
  test.each([
    ['mvno-aurora', 'come-back-month', 'acc-1', 86.920024],
    ['mvno-aurora', 'come-back-month', 'acc-2', 5.366863],
    ['mvno-aurora', 'extra-gigabyte', 'acc-1', 3.152446],
    ['1', '2', '3', 75.649943],
  ])('is what the digest of %s, %s and %s says', (tenant, id, account, percent) => {
    expect(isHeldOut({ tenant, offer: id, account }, percent + 0.000001)).toBe(true);
    expect(isHeldOut({ tenant, offer: id, account }, percent)).toBe(false);
  });

  test('is one in ten of a hundred thousand accounts at ten percent, and no other one tomorrow', () => {
    const heldOut = () =>
      Array.from({ length: 100_000 }, (_, index) => `1415555${String(index).padStart(5, '0')}`).filter((account) =>
        isHeldOut({ tenant: 'mvno-aurora', offer: 'come-back-month', account }, 10),
      );
    const first = heldOut();
    expect(first).toHaveLength(10129);
    expect(first.length / 100_000).toBeGreaterThanOrEqual(0.097);
    expect(first.length / 100_000).toBeLessThanOrEqual(0.103);
    // Python's list of the held-out has this digest.
    expect(createHash('sha256').update(first.join()).digest('hex')).toBe(
      '85c78f5e984b8d7e6e8b8fb2256c38b3a7fd7cab0cbe4d31c9dc48a42aae3290',
    );
  });
});
