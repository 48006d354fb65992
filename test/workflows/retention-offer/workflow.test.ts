import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { isHeldOut } from '../../../src/offers/holdout.ts';
import type { OfferGrant } from '../../../src/schemas/offer/offer.ts';
import type { CrashPoint } from '../../builders/crashes.ts';
import { frozenClock } from '../../builders/frozen-clock.ts';
import { createOfferRun, type OfferEnding, type OfferPlot, type OfferRun } from '../../builders/offer-run.ts';
import { openTestTable, type TestTable } from '../../builders/table.ts';
import { openTestTotogi, type TestTotogi } from '../../builders/totogi.ts';

const TENANT = 'mvno-example';
const SUBSCRIBE: OfferGrant = { kind: 'subscribe', plan: 'plan-gold-30' };
const SWITCH: OfferGrant = { kind: 'switch-plan', plan: 'plan-gold-30', from: 'plan-silver-30' };
const CREATE: OfferGrant = { kind: 'create-balance', balanceType: 'data', amount: 1_000 };
const CREDIT: OfferGrant = { kind: 'credit-balance', balanceType: 'money', amount: 5 };

/** What each grant makes of an account with Silver and 2 in money, when it is given once. */
const GIVEN: [OfferGrant, string, Pick<OfferEnding, 'given'> & Record<string, unknown>][] = [
  [
    SUBSCRIBE,
    'a plan beside the one there is',
    { given: ['subscribeToPlan'], subscriptions: [{ planId: 'plan-silver-30' }, { planId: 'plan-gold-30' }] },
  ],
  [SWITCH, 'another plan', { given: ['updatePlanSubscription'], subscriptions: [{ planId: 'plan-gold-30' }] }],
  [CREATE, 'a new balance', { given: ['createBalance'], balances: [{ balanceTypeId: 'money' }, { balanceTypeId: 'data', value: 1_000 }] }],
  [CREDIT, 'more on a balance', { given: ['updateBalance'], balances: [{ balanceTypeId: 'money', value: 7 }] }],
];
const REDEEMED = { result: { outcome: 'redeemed' }, record: { state: 'redeemed' } };
const GIVEN_ONCE = { ...REDEEMED, given: ['subscribeToPlan'] };
/** Of a run that is told to its end: what the offer said, and that it was given. */
const SENT_STEPS = [expect.stringMatching(/^notice a free month https/), 'a free month is yours'];

const MOMENTS: CrashPoint[] = ['before', 'during', 'after'];
/** Of those that outlast a day: retry-policies.test.ts counts them all. */
const LATE_ATTEMPT = 210;
const FIFTEEN_MINUTES = 15 * 60_000;

let opened: TestTable;
let totogi: TestTotogi;
let runs = 0;
beforeAll(async () => {
  // A process that ended goes on in this one for a moment, and is told that nobody waits for it.
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  opened = await openTestTable();
  totogi = await openTestTotogi(frozenClock(Date.parse('2026-05-04T15:00:00Z')));
});
afterAll(async () => {
  await totogi.close();
  await opened.close();
});
const endFaults = () => totogi.control('/faults', undefined, 'DELETE');
afterEach(endFaults);

type Plot = Omit<OfferPlot, 'account'> & { account?: string | undefined };

async function open(plot: Plot): Promise<OfferRun> {
  runs += 1;
  const account = plot.account ?? `acc-${runs}`;
  const balances = [{ balanceId: 'money-1', balanceTypeId: 'money', value: 2, from: null, to: null }];
  await totogi.control('/accounts', { tenant: TENANT, account, plans: [{ planId: 'plan-silver-30' }], balances });
  return createOfferRun(opened.table, totogi, { ...plot, account });
}
const run = async (plot: Plot) => (await open(plot)).run();
const fault = (answer: string, more: object = {}) => ({ operation: 'subscribeToPlan', answer, ...more });
/** How long it took from the acceptance to what was given, in milliseconds. */
const tookUntilGiven = ({ record }: OfferEnding) => Date.parse(record?.redeemedAt ?? '') - Date.parse(record?.acceptedAt ?? '');

test.each(GIVEN)('%o: an offer that is accepted gives %s, and says so', async (grant, _words, given) => {
  const ending = await run({ grant });
  expect(ending).toMatchObject({ ...REDEEMED, ...given });
  expect(ending.texts).toEqual(SENT_STEPS);
});

test('an offer that is declined ends so, gives nothing and says nothing more', async () => {
  const ending = await run({ grant: SUBSCRIBE, answer: 'decline' });
  expect(ending).toMatchObject({ result: { outcome: 'declined' }, record: { state: 'declined' }, given: [] });
  expect(ending.texts).toEqual(SENT_STEPS.slice(0, 1));
});

test('an offer with words of its own is told in them, and confirmed in those that all share where it has none for that', async () => {
  const { texts } = await run({ grant: CREATE, template: 'spring' });
  expect(texts).toEqual([expect.stringMatching(/^spring notice a free month https/), 'a free month is yours']);
});

test('an offer that follows a workflow is made, too, where a replay decided that the event starts it', async () => {
  const ending = await run({ grant: CREATE, isReplayed: true });
  expect(ending).toMatchObject(REDEEMED);
  expect(ending.texts).toEqual(SENT_STEPS);
});

describe('an offer whose goal is reached', () => {
  test('is credited with that', async () => {
    const ending = await run({ grant: CREATE, reachesGoal: true });
    expect(ending).toMatchObject({ ...REDEEMED, record: { convertedBy: expect.any(String), convertedAt: expect.any(String) } });
  });

  test('is credited to those alike who are held out from it, and hear nothing', async () => {
    const held = { grant: CREATE, holdoutPercent: 50 };
    const accounts = Array.from({ length: 50 }, (_, index) => `acc-kept-${index}`);
    const [one, other] = accounts.filter((account) => isHeldOut({ tenant: TENANT, offer: 'free-month', account }, held.holdoutPercent));
    const ending = await run({ ...held, account: one, reachesGoal: true });
    expect(ending).toMatchObject({ result: { outcome: 'held-out' }, given: [], texts: [] });
    expect(ending.record).toMatchObject({ state: 'held-out', convertedBy: expect.any(String) });
    const { record } = await run({ ...held, account: other });
    expect(record?.state).toBe('held-out');
    expect(record).not.toHaveProperty('convertedBy');
  });
});

describe('a crash between acceptance and confirmation', () => {
  const EFFECTS = [
    'completeCallback',
    'stateOf',
    'startRedemption',
    'plansBefore',
    'grant',
    'completeRedemption',
    'claim',
    'send',
    'carrier',
    'finalize',
  ];
  /** Of these nobody knows whether the text went, so it does not go again. */
  const OFFER_STARTERS = ['send', 'carrier'];

  test('may come at any of these effects', async () => {
    const { effects } = await run({ grant: SUBSCRIBE });
    expect(effects.slice(0, effects.indexOf('finalize') + 1)).toEqual(EFFECTS);
  });

  /** Crashes at the grant follow, for each kind of it. */
  const OTHERS = EFFECTS.filter((effect) => effect !== 'grant');

  test.each(OTHERS.flatMap((effect) => (['before', 'after'] as const).map((point) => ({ effect, point }))))(
    '$point $effect: the plan is given once, and confirmed once at most',
    async (crash) => {
      const ending = await run({ grant: SUBSCRIBE, crash });
      expect(ending).toMatchObject(GIVEN_ONCE);
      const confirmed = ending.texts.filter((text) => text === 'a free month is yours').length;
      if (OFFER_STARTERS.includes(crash.effect)) expect(confirmed).toBeLessThanOrEqual(1);
      else expect(confirmed).toBe(1);
    },
  );

  test.each(GIVEN.flatMap(([grant, , given]) => MOMENTS.map((point) => ({ grant, point, given }))))(
    '$point the grant $grant: it is given once',
    async ({ grant, point, given }) => {
      const ending = await run({ grant, crash: { effect: 'grant', point } });
      expect(ending).toMatchObject({ ...REDEEMED, ...given });
      expect(ending.texts).toEqual(SENT_STEPS);
    },
  );
});

describe('a Totogi that gives a plan', () => {
  const late = (seconds: number, more: object = {}) => fault('result', { workAfterSeconds: seconds, answerAfterSeconds: seconds, ...more });

  test.each([
    ['late, by less than the wait', [late(600)]],
    ['late each time', [late(899, { times: 2 })]],
    ['at once, and answers late', [fault('result', { answerAfterSeconds: 600 })]],
    ['at once, and whose answer is lost', [fault('cut')]],
    ['late, after it cut the connection', [fault('cut', { workAfterSeconds: 600 })]],
    ['and answers that it failed', [fault('status-500', { doesTheWork: true })]],
    ['when it is asked again, after it failed', [fault('status-500')]],
    ['late, after it failed', [fault('status-502'), late(600)]],
    ['when it is asked again, after a list of errors', [fault('errors')]],
  ])('%s: it is given once, when somebody looked', async (_words, faults) => {
    const ending = await run({ grant: SUBSCRIBE, faults });
    expect(ending).toMatchObject(GIVEN_ONCE);
    expect(ending.texts).toEqual(SENT_STEPS);
    expect(tookUntilGiven(ending)).toBeGreaterThanOrEqual(FIFTEEN_MINUTES);
  });

  test.each(['RateLimitExceeded', 'status-429'])('only slowly (%s): it is asked again when it says, and gives it once', async (answer) => {
    const ending = await run({ grant: SUBSCRIBE, faults: [fault(answer, { times: 3, retryAfterSeconds: 400 })] });
    expect(ending).toMatchObject(GIVEN_ONCE);
    expect(ending.texts).toEqual(SENT_STEPS);
    expect(tookUntilGiven(ending)).toBe(3 * 400_000);
  });

  test.each([
    ['later than the wait', [late(1_200)]],
    ['later than the wait, each time', [late(1_200, { times: 0 })]],
    ['later than the wait, after it cut the connection', [fault('cut', { workAfterSeconds: 1_800 })]],
  ])('%s: it is stuck, never given twice, and found when operations have it redeemed again', async (_words, faults) => {
    const offerRun = await open({ grant: SUBSCRIBE, faults });
    const ending = await offerRun.run();
    expect(ending).toMatchObject({ result: { outcome: 'stuck', reason: 'timed-out' }, record: { state: 'stuck' } });
    expect(ending.given).toEqual(['subscribeToPlan']);
    expect(ending.texts).toHaveLength(1);
    const retried = await offerRun.retry();
    expect(retried).toMatchObject(GIVEN_ONCE);
    expect(retried.texts).toEqual(SENT_STEPS);
  });

  test('never, and never says what came of it: it is stuck, and given once when operations have it redeemed again', async () => {
    const offerRun = await open({ grant: SUBSCRIBE, faults: [fault('status-500', { times: 2 })] });
    expect(await offerRun.run()).toMatchObject({ result: { outcome: 'stuck', reason: 'unknown-twice' }, given: [] });
    const retried = await offerRun.retry();
    expect(retried).toMatchObject(GIVEN_ONCE);
    expect(retried.texts).toEqual(SENT_STEPS);
  });

  test('and then is down for days: it is stuck, also after a retry, and can be redeemed again', async () => {
    const offerRun = await open({ grant: SUBSCRIBE, faults: [fault('cut', { doesTheWork: false })] });
    expect(await offerRun.run()).toMatchObject({ result: { outcome: 'stuck', reason: 'timed-out' }, given: [] });
    await totogi.control('/faults', { operation: 'getAccount', answer: 'status-500', times: 0 });
    const stuck = { result: { outcome: 'stuck', reason: 'totogi-does-not-answer' }, record: { state: 'stuck' }, given: [] };
    expect(await offerRun.retry({ skipToAttempt: LATE_ATTEMPT })).toMatchObject(stuck);
    await endFaults();
    expect(await offerRun.retry()).toMatchObject(GIVEN_ONCE);
  });
});

test.each([
  [CREATE, 'createBalance'],
  [CREDIT, 'updateBalance'],
] as const)('%o: a balance is given once however often Totogi fails, and by the transaction', async (grant, operation) => {
  const answers = [
    { answer: 'cut', doesTheWork: true },
    { answer: 'status-500' },
    { answer: 'RateLimitExceeded', retryAfterSeconds: 400 },
    { answer: 'errors' },
  ];
  const ending = await run({ grant, faults: answers.map((answer) => ({ operation, ...answer })) });
  expect(ending).toMatchObject({ ...REDEEMED, given: [operation] });
  expect(ending.texts).toEqual(SENT_STEPS);
});
