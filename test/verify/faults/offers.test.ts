import { describe, expect, test } from 'vitest';
import { ulid } from '../../../src/platform/ulid.ts';
import { type Answered, checkAnswers, checkGrants, type Given } from '../../../verify/faults/checks/offers.ts';

type Offers = Answered['record']['offers'];

const issued: Offers['offers'][number] = {
  tenant: 'prove-patient',
  account: 'account-1',
  offerId: 'event-1',
  offer: 'stay-gift',
  state: 'expired',
  reason: undefined,
  issuedAt: '2026-05-01T08:00:00.000Z',
  validUntil: '2026-05-03T08:00:00.000Z',
  acceptedAt: undefined,
  redeemedAt: undefined,
  openedAt: undefined,
  finishedAt: '2026-05-03T08:00:05.000Z',
  convertedBy: undefined,
};
const foundNone: Offers['replies'][number] = {
  tenant: 'prove-patient',
  account: 'account-1',
  offerId: undefined,
  sentAt: '2026-05-02T08:00:00.000Z',
  reason: 'no-open-offer',
  answeredAt: '2026-05-02T08:00:02.000Z',
  text: 'text-1',
};
const accepted: Partial<Offers['replies'][number]> = { offerId: 'event-1', reason: 'offer-accepted' };

/** The claims that do not hold, where one text was answered so and the account has one offer. */
function broken(reply: Partial<Offers['replies'][number]>, offer: Partial<Offers['offers'][number]> = {}): string[] {
  const offers = { offers: [{ ...issued, ...offer }], replies: [{ ...foundNone, ...reply }] };
  const texted = [{ inboundMessageId: 'text-1', from: '+12025550100' }];
  const checks = checkAnswers({ record: { offers }, opened: [], pressed: [], texted });
  return checks.filter(({ wrong }) => wrong.length > 0).map(({ claim }) => claim);
}

const CLAIM = 'every text of "YES" accepted an offer where one was open';

describe('a text of "YES"', () => {
  test('that found no offer while one was open is wrong', () => {
    expect(broken({})).toEqual([CLAIM]);
  });

  test.each<[reply: string, Partial<Offers['replies'][number]>, Partial<Offers['offers'][number]>?]>([
    ['before there was one', { sentAt: '2026-05-01T07:59:59.999Z' }],
    ['about an offer of another account', { account: 'account-2' }],
    ['that was answered when it was over', { answeredAt: '2026-05-03T08:00:00.000Z' }],
    ['that was answered when its page had been pressed', {}, { acceptedAt: foundNone.answeredAt, state: 'redeemed' }],
    ['that was answered when it had been declined', {}, { finishedAt: '2026-05-01T20:00:00.000Z', state: 'declined' }],
    ['of an account that is held out', {}, { state: 'held-out' }],
  ])('that found none %s is right', (_when, reply, offer) => {
    expect(broken(reply, offer)).toEqual([]);
  });

  test('that was told of an acceptance needs one on record', () => {
    expect(broken(accepted, { acceptedAt: '2026-05-02T08:00:01.000Z', state: 'redeemed' })).toEqual([]);
    expect(broken(accepted)).toEqual([CLAIM]);
  });
});

describe('an offer on record as redeemed', () => {
  const redeemed = { offer: 'month', state: 'redeemed', tenant: 'prove-prompt', acceptedAt: '2026-05-01T08:05:00.000Z' };
  const activation = {
    id: '',
    tenant: 'prove-prompt',
    account: 'account-1',
    device: undefined,
    type: 'NewPlanActivated',
    name: 'NewPlanActivated',
    state: 'active',
    starts: [],
    reason: undefined,
    receivedAt: '',
  };

  /** How many are wrong, where the account came by the plan at a time, of which Totogi's stand-in heard at another. */
  function wrong({ planId, from, heardAt }: { planId: string; from: string; heardAt?: string }): number {
    const id = ulid(Date.parse(from), new Uint8Array(10));
    const notifications: Given['record']['notifications'] = new Map();
    if (heardAt !== undefined) notifications.set('session-1', [{ ...activation, id, receivedAt: heardAt }]);
    const record = { offers: { offers: [{ ...issued, ...redeemed }] }, notifications };
    const totogi = { done: [], plans: new Map([['prove-prompt account-1', [{ planId, from }]]]) };
    const checks = checkGrants({ record, recorder: { granted: [] }, totogi });
    return checks.find(({ claim }) => claim === 'whatever is on record as redeemed was given')?.wrong.length ?? Number.NaN;
  }

  const [before, after] = ['2026-05-01T08:00:00.000Z', '2026-05-01T08:10:00.000Z'];

  test.each<[account: string, plan: Parameters<typeof wrong>[0], expected: number]>([
    ['came by the plan since', { planId: 'plan-gold-30', from: after }, 0],
    ['came by it before, and Totogi heard of it since', { planId: 'plan-gold-30', from: before, heardAt: after }, 0],
    ['had it before', { planId: 'plan-gold-30', from: before }, 1],
    ['came by it before, and Totogi had heard of it', { planId: 'plan-gold-30', from: before, heardAt: before }, 1],
    ['came by another plan', { planId: 'plan-silver-30', from: after, heardAt: after }, 1],
  ])('that Totogi was not seen to give, and whose account %s', (_account, plan, expected) => {
    expect(wrong(plan)).toBe(expected);
  });
});
