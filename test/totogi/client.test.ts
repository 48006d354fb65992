import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openHttpServer } from '../../local/http-server.ts';
import { getAccount, updateAccount } from '../../src/totogi/account.ts';
import { createBalance, updateBalance } from '../../src/totogi/balances.ts';
import type { TenantTotogi } from '../../src/totogi/client.ts';
import { getEventDataRecordsByAccount } from '../../src/totogi/event-data-records.ts';
import { knownAfter } from '../../src/totogi/failures.ts';
import { post } from '../../src/totogi/http-post.ts';
import { subscribeToPlan, updatePlanSubscription } from '../../src/totogi/plan-subscriptions.ts';
import { getPlans } from '../../src/totogi/plans.ts';
import { openTestTotogi, type TestTotogi } from '../builders/totogi.ts';

const TENANT = 'mvno-example';

let totogi: TestTotogi;
beforeAll(async () => {
  totogi = await openTestTotogi();
});
beforeEach(() => totogi.control('/faults', undefined, 'DELETE'));
afterAll(() => totogi.close());

const accountOf = (account: string) => totogi.control(`/accounts?tenant=${TENANT}&account=${account}`);
const callsOf = async (operation: string) => Number((await totogi.control('/calls')).data?.[operation as never] ?? 0);
const planOf = ({ planVersion }: { planVersion: { plan: { id: string } } }) => planVersion.plan.id;

/** How each operation is called; the account has a balance and a plan of its own. */
async function callers(account: string, client: TenantTotogi): Promise<Record<string, () => Promise<unknown>>> {
  const read = await client.getAccount(account);
  if (read.outcome !== 'done') throw new Error(read.reason);
  const balanceId = read.account.balances[0]?.balanceId ?? '';
  const planSubscriptionId = read.account.activePlanVersions[0]?.planSubscriptionId ?? '';
  return {
    getAccount: () => client.getAccount(account),
    getPlans: () => client.getPlans(),
    getEventDataRecordsByAccount: () => client.getEventDataRecordsByAccount({ account }),
    subscribeToPlan: () => client.subscribeToPlan({ account, planId: 'plan-gold-30' }),
    updatePlanSubscription: () => client.updatePlanSubscription({ account, planSubscriptionId, planId: 'plan-gold-30' }),
    createBalance: () => client.createBalance({ account, transactionId: randomUUID(), balanceTypeId: 'data', value: 1 }),
    updateBalance: () => client.updateBalance({ account, transactionId: randomUUID(), balanceId, adjustment: 'CREDIT', value: 1 }),
    updateAccount: () => client.updateAccount({ account, lifecycleId: 'prepaid', state: 'grace' }),
  };
}

async function failureOf(call: () => Promise<unknown>) {
  const error: unknown = await call().then(
    (value) => expect.fail(`It answered ${JSON.stringify(value)}`),
    (thrown) => thrown,
  );
  if (!(error instanceof Error)) throw error;
  return { name: error.name, known: knownAfter(error), message: error.message };
}

describe('an account', () => {
  test('is read with its plans, balances, lifecycle and properties', async () => {
    const to = '2100-01-01T00:00:00.000Z';
    await totogi.control('/accounts', {
      tenant: TENANT,
      account: 'acc-read',
      churnScore: 0.8,
      timezone: 'America/Denver',
      customProperties: { contact: { phone: '+14155550101' } },
      plans: [
        { planId: 'plan-silver-30', to },
        { planId: 'plan-weekend-pass', used: false },
      ],
    });
    const read = await totogi.client().getAccount('acc-read');
    expect(read).toMatchObject({
      outcome: 'done',
      account: {
        timezone: 'America/Denver',
        churnScore: 0.8,
        customProperties: { contact: { phone: '+14155550101' } },
        accountLifecycle: { lifecycle: { id: 'prepaid' }, state: 'active' },
        activePlanVersions: [{ to, planVersion: { plan: { id: 'plan-silver-30' } } }],
        inactivePlanVersions: [{ planVersion: { plan: { id: 'plan-weekend-pass' } } }],
        balances: [{ balanceType: { balanceTypeId: 'money' } }, { balanceType: { balanceTypeId: 'data' } }],
      },
    });
  });

  test('moves into another state of its lifecycle', async () => {
    const moved = await totogi.client().updateAccount({ account: 'acc-moved', lifecycleId: 'prepaid', state: 'grace', expiryDays: 5 });
    expect(moved).toEqual({ outcome: 'done', lifecycleState: 'grace' });
    expect(await accountOf('acc-moved')).toMatchObject({ lifecycle: { state: 'grace', expiryDays: 5 } });
  });

  test('is logged, and its log is read page by page', async () => {
    const client = totogi.client();
    for (let index = 0; index < 30; index++) {
      await client.createBalance({ account: 'acc-logged', transactionId: `logged-${index}`, balanceTypeId: 'text', value: index });
    }
    const first = await client.getEventDataRecordsByAccount({ account: 'acc-logged' });
    if (first.outcome !== 'done') return expect.fail(first.reason);
    const second = await client.getEventDataRecordsByAccount({ account: 'acc-logged', ...(first.next && { after: first.next }) });
    if (second.outcome !== 'done') return expect.fail(second.reason);
    expect([first.records.length, second.records.length, second.next]).toEqual([25, 5, undefined]);
    const ids = [...first.records, ...second.records].map(({ eventData }) => eventData.transactionId);
    expect(new Set(ids).size).toBe(30);
    expect(await client.getEventDataRecordsByAccount({ account: 'acc-logged', from: '2100-01-01T00:00:00Z' })).toMatchObject({
      records: [],
    });
  });
});

test('the plans are listed', async () => {
  const plans = await totogi.client().getPlans();
  expect(plans).toMatchObject({ outcome: 'done', next: undefined });
  expect(plans.outcome === 'done' && plans.plans.map(({ id }) => id)).toContain('plan-gold-30');
});

describe('a plan', () => {
  test('that is subscribed to twice is there twice, so nobody may repeat it', async () => {
    await totogi.control('/accounts', { tenant: TENANT, account: 'acc-plan', plans: [] });
    const client = totogi.client();
    for (const _ of [1, 2]) {
      const done = await client.subscribeToPlan({ account: 'acc-plan', planId: 'plan-gold-30' });
      expect(done.outcome === 'done' && planOf(done.subscription)).toBe('plan-gold-30');
    }
    const read = await client.getAccount('acc-plan');
    expect(read.outcome === 'done' && read.account.inactivePlanVersions.map(planOf)).toEqual(['plan-gold-30', 'plan-gold-30']);
    const log = await client.getEventDataRecordsByAccount({ account: 'acc-plan' });
    expect(log.outcome === 'done' && log.records.map(({ action }) => action)).toEqual(['subscribeToPlan', 'subscribeToPlan']);
  });

  test('is switched within its subscription', async () => {
    await totogi.control('/accounts', { tenant: TENANT, account: 'acc-switch', plans: [{ planId: 'plan-silver-30' }] });
    const client = totogi.client();
    const before = await client.getAccount('acc-switch');
    const planSubscriptionId = (before.outcome === 'done' && before.account.activePlanVersions[0]?.planSubscriptionId) || '';
    const done = await client.updatePlanSubscription({ account: 'acc-switch', planSubscriptionId, planId: 'plan-gold-30' });
    expect(done).toMatchObject({ outcome: 'done', subscription: { planSubscriptionId, planVersion: { plan: { id: 'plan-gold-30' } } } });
  });
});

describe('a balance', () => {
  test('is made and credited once, however often the same transaction is sent', async () => {
    const client = totogi.client();
    const grant = { account: 'acc-balance', transactionId: 'grant-1', balanceTypeId: 'voice', value: 600 };
    const made = await client.createBalance(grant);
    expect(made).toMatchObject({ outcome: 'done', before: false });
    expect(await client.createBalance(grant)).toEqual({ outcome: 'done', before: true, balances: [] });
    const balanceId = (made.outcome === 'done' && made.balances[0]?.balanceId) || '';
    const credit = { account: 'acc-balance', transactionId: 'credit-1', balanceId, adjustment: 'CREDIT', value: 60 } as const;
    const credited = await Promise.all(Array.from({ length: 5 }, () => client.updateBalance(credit)));
    expect(credited.map((one) => one.outcome === 'done' && one.before).toSorted()).toEqual([false, true, true, true, true]);
    expect((await accountOf('acc-balance')).balances).toContainEqual(expect.objectContaining({ balanceId, value: 660 }));
  });
});

describe("each error in a result has its outcome: Totogi's no", () => {
  const operations = [
    getAccount,
    getEventDataRecordsByAccount,
    subscribeToPlan,
    updatePlanSubscription,
    createBalance,
    updateBalance,
    updateAccount,
  ];
  const refusals = operations.flatMap(({ name, refusals: known }) => known.map((error) => [name, error] as const));

  test.for(refusals)('%s: %s', async ([operation, error]) => {
    const call = (await callers('acc-refused', totogi.client()))[operation];
    await totogi.control('/faults', { operation, answer: error });
    const field = error === 'InvalidField' ? { field: 'input' } : {};
    expect(await call?.()).toEqual({ outcome: 'rejected', reason: error, code: error, ...field });
  });
});

describe('what came to no answer says what is known', () => {
  const names = [
    getAccount,
    getPlans,
    getEventDataRecordsByAccount,
    subscribeToPlan,
    updatePlanSubscription,
    createBalance,
    updateBalance,
    updateAccount,
  ];
  test.for(names)('$name: nobody knows after an internal error, and after a member that nobody told us of', async ({ name }) => {
    const call = (await callers('acc-failing', totogi.client()))[name];
    for (const answer of name === 'getPlans' ? ['no-data'] : ['InternalServerError', 'NobodyToldUs']) {
      await totogi.control('/faults', { operation: name, answer });
      expect(await failureOf(async () => call?.())).toMatchObject({ name: 'TotogiOutcomeUnknown', known: 'unknown' });
    }
  });

  test.for(names)('$name: it was not done after a rate limit, which says when to come back', async ({ name }) => {
    if (name === 'getPlans') return;
    const call = (await callers('acc-limited', totogi.client()))[name];
    await totogi.control('/faults', { operation: name, answer: 'RateLimitExceeded', retryAfterSeconds: 90 });
    await expect(call?.()).rejects.toMatchObject({ name: 'TotogiRateLimited', retryAfterSeconds: expect.closeTo(90, -1) });
  });

  test.for([
    ['status-429', 'TotogiRateLimited', 'not-done'],
    ['status-400', 'TotogiNotDone', 'not-done'],
    ['status-403', 'TotogiNotDone', 'not-done'],
    ['status-408', 'TotogiUnanswered', 'timed-out'],
    ['status-500', 'TotogiOutcomeUnknown', 'unknown'],
    ['status-503', 'TotogiOutcomeUnknown', 'unknown'],
    ['status-504', 'TotogiUnanswered', 'timed-out'],
    ['errors', 'TotogiOutcomeUnknown', 'unknown'],
    ['no-data', 'TotogiOutcomeUnknown', 'unknown'],
    ['cut', 'TotogiUnanswered', 'timed-out'],
  ] as const)('%s: %s', async ([answer, name, known]) => {
    await totogi.control('/faults', { operation: 'subscribeToPlan', answer });
    const account = 'acc-person-14155550123';
    const failed = await failureOf(() => totogi.client().subscribeToPlan({ account, planId: 'plan-gold-30' }));
    expect(failed).toMatchObject({ name, known });
    expect(failed.message).not.toContain(account);
  });

  test('too late: nobody knows, and it was done', async () => {
    await totogi.control('/accounts', { tenant: TENANT, account: 'acc-late', plans: [] });
    await totogi.control('/faults', { operation: 'subscribeToPlan', answerAfterSeconds: 60 });
    const client = totogi.client({ deadlineMilliseconds: 100 });
    const failed = await failureOf(() => client.subscribeToPlan({ account: 'acc-late', planId: 'plan-gold-30' }));
    expect(failed).toMatchObject({ name: 'TotogiUnanswered', known: 'timed-out' });
    expect((await accountOf('acc-late')).subscriptions).toHaveLength(1);
  });

  test('cut off, and done later', async () => {
    await totogi.control('/accounts', { tenant: TENANT, account: 'acc-later', plans: [] });
    await totogi.control('/faults', { operation: 'subscribeToPlan', answer: 'cut', workAfterSeconds: 1_800 });
    await failureOf(() => totogi.client().subscribeToPlan({ account: 'acc-later', planId: 'plan-gold-30' }));
    expect((await accountOf('acc-later')).subscriptions).toHaveLength(0);
    totogi.clock.advance(1_800);
    await expect.poll(async () => (await accountOf('acc-later')).subscriptions).toHaveLength(1);
  });

  test('an input that the schema does not allow', async () => {
    const failed = await failureOf(() => totogi.client().subscribeToPlan({ account: 'acc-1', planId: 'plan-gold-30', from: 'tomorrow' }));
    expect(failed).toMatchObject({ name: 'TotogiOutcomeUnknown' });
  });

  test('nothing there at all: it was not done', async () => {
    const server = await openHttpServer({ port: 0, variable: 'PORT' });
    await server.close();
    const request = { operation: 'getPlans', url: `http://127.0.0.1:${server.port}`, headers: {}, body: '', deadlineMilliseconds: 1_000 };
    expect(await failureOf(() => post(request, { now: Date.now, mayReach: () => true }))).toMatchObject({
      name: 'TotogiNotDone',
      known: 'not-done',
    });
  });
});

describe('a token', () => {
  test('is asked for once by many callers, and kept until shortly before it expires', async () => {
    const client = totogi.client();
    const before = await callsOf('token');
    await Promise.all(Array.from({ length: 10 }, () => client.getPlans()));
    await client.getPlans();
    expect((await callsOf('token')) - before).toBe(1);
    totogi.clock.advance(3_600 - 59);
    await client.getPlans();
    expect((await callsOf('token')) - before).toBe(2);
  });

  test('that is refused is renewed once, and the request is sent again', async () => {
    const client = totogi.client();
    await client.getPlans();
    const before = await callsOf('token');
    await totogi.control('/tokens', undefined, 'DELETE');
    expect(await client.getPlans()).toMatchObject({ outcome: 'done' });
    await totogi.control('/faults', { operation: 'getPlans', answer: 'status-401', times: 2 });
    expect(await failureOf(() => client.getPlans())).toMatchObject({ name: 'TotogiNotDone', known: 'not-done' });
    expect((await callsOf('token')) - before).toBe(2);
    expect(await client.getPlans()).toMatchObject({ outcome: 'done' });
  });

  test.for([
    ['credentials that are wrong', '{"key": "local", "secret": "wrong-secret"}', undefined, 'TotogiNotDone'],
    ['a secret that is no JSON', 'wrong-secret', undefined, 'TotogiNotDone'],
    ['a secret without a key', '{"secret": "wrong-secret"}', undefined, 'TotogiNotDone'],
    ['a token endpoint that fails', undefined, 'status-500', 'TotogiNotDone'],
    ['a token endpoint cut off', undefined, 'cut', 'TotogiNotDone'],
    ['a token endpoint that limits', undefined, 'status-429', 'TotogiRateLimited'],
    ['an answer without a token', undefined, 'no-data', 'TotogiNotDone'],
  ] as const)('%s: nothing was done, and no secret is told', async ([, secret, answer, name]) => {
    if (answer) await totogi.control('/faults', { operation: 'token', answer });
    const client = totogi.client(secret ? { secret } : {});
    const failed = await failureOf(() => client.subscribeToPlan({ account: 'acc-1', planId: 'plan-gold-30' }));
    expect(failed).toMatchObject({ name, known: 'not-done' });
    expect(failed.message).not.toContain('wrong-secret');
    expect(await totogi.client().getPlans()).toMatchObject({ outcome: 'done' });
  });
});
