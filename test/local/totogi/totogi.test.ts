import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { openHttpServer, sendReply } from '../../../local/http-server.ts';
import { createSts } from '../../../local/iam/sts.ts';
import { createAccountBook } from '../../../local/totogi/account-book.ts';
import { findPlan } from '../../../local/totogi/plans.ts';
import { getSecretValue } from '../../../local/totogi/secrets-manager.ts';
import { createSecretReader } from '../../../src/totogi/secrets.ts';
import { accountLife } from '../../../tooling/traffic/account-life.ts';
import { createRandom } from '../../../tooling/traffic/random.ts';
import { totogiEvent } from '../../builders/events.ts';
import { openTestTotogi, type TestTotogi } from '../../builders/totogi.ts';
import { temporaryState } from '../temporary-state.ts';

const TENANT = 'mvno-example';
const DAY = 86_400_000;

let totogi: TestTotogi;
beforeAll(async () => {
  totogi = await openTestTotogi();
});
afterAll(() => totogi.close());

const read = (account: string) => totogi.control(`/accounts?tenant=${TENANT}&account=${account}`);

function notify(account: string, name: string, state: string, at: number, notificationfields?: object) {
  const invokedAt = new Date(at).toISOString();
  totogi.totogi.apply(totogiEvent({ tenant: TENANT, account, invokedAt, information: { name, state, notificationfields } }));
}

describe('an account', () => {
  test('that was never seen is made up, the same wherever it is seen', async () => {
    const account = await read('acc-new');
    expect(account).toMatchObject({ exists: true, churnScore: expect.any(Number), subscriptions: [{ used: true }] });
    const elsewhere = createAccountBook({ state: temporaryState(), clock: totogi.clock }).read(TENANT, 'acc-new');
    expect(elsewhere).toMatchObject({
      churnScore: account.churnScore,
      timezone: account.timezone,
      customProperties: account.customProperties,
    });
    expect((await read('acc-other')).customProperties).not.toEqual(account.customProperties);
  });

  test('is set up, with what is left out as it was', async () => {
    await totogi.control('/accounts', { tenant: TENANT, account: 'acc-set', churnScore: 0.9 });
    const set = await totogi.control('/accounts', {
      tenant: TENANT,
      account: 'acc-set',
      timezone: '+02:00',
      plans: [{ planId: 'plan-gold-30' }],
    });
    expect(set).toMatchObject({ churnScore: 0.9, timezone: '+02:00', subscriptions: [{ planId: 'plan-gold-30' }], records: [] });
    await expect(totogi.control('/accounts', { tenant: TENANT, account: 'acc-set', plans: [{ planId: 'none' }] })).rejects.toThrow(
      'plan-gold-30',
    );
  });

  test('that does not exist is not found', async () => {
    await totogi.control('/accounts', { tenant: TENANT, account: 'acc-none', exists: false });
    expect(await totogi.client().getAccount('acc-none')).toMatchObject({ outcome: 'rejected', reason: 'AccountNotFound' });
  });

  test('is on disk', () => {
    const state = temporaryState();
    const clock = createClock(state);
    const book = createAccountBook({ state, clock });
    const account = { ...book.read(TENANT, 'acc-kept'), churnScore: 0.123 };
    book.write(TENANT, 'acc-kept', account, { action: 'updateAccount', data: {} });
    const again = createAccountBook({ state, clock });
    expect(again.read(TENANT, 'acc-kept')).toEqual(account);
    expect(
      again.records({ provider: TENANT, account: 'acc-kept', before: 1e9, from: 0, to: Number.MAX_SAFE_INTEGER, most: 5 }),
    ).toHaveLength(1);
  });
});

describe('what went over the bus', () => {
  test('is on record as notified, once however often it is delivered', async () => {
    const at = Date.now();
    for (const _ of [1, 2]) notify('acc-told', 'OutOfCredit', 'outOfCredit', at);
    const log = await totogi.client().getEventDataRecordsByAccount({ account: 'acc-told' });
    expect(log).toMatchObject({
      outcome: 'done',
      records: [{ action: 'notify', eventData: { name: 'OutOfCredit', state: 'outOfCredit' } }],
    });
  });

  test('is what the account says: a plan begins, is about to end, and ends', async () => {
    const at = totogi.clock.now() - 10 * DAY;
    const plans = async () => {
      const answer = await totogi.client().getAccount('acc-lives');
      return answer.outcome === 'done' && answer.account.activePlanVersions.map(({ planVersion, to }) => [planVersion.plan.id, to]);
    };
    notify('acc-lives', 'NewPlanActivated', 'active', at, { planid: 'plan-data-10gb' });
    expect(await plans()).toEqual([['plan-data-10gb', new Date(at + 30 * DAY).toISOString()]]);
    notify('acc-lives', 'PlanExpiryWarning', 'warning', at + 9 * DAY);
    expect(await plans()).toEqual([['plan-data-10gb', new Date(at + 12 * DAY).toISOString()]]);
    notify('acc-lives', 'PlanExpired', 'expired', at + 9.5 * DAY);
    expect(await plans()).toEqual([]);
  });

  test('names no plan that Totogi does not have here', () => {
    const life = accountLife(createRandom('plans'), ['14155550101']);
    const named = Array.from({ length: 500 }, () => life.next().value.fields?.planid).filter((id) => id !== undefined);
    expect(named.length).toBeGreaterThan(5);
    for (const id of named) expect(findPlan(String(id))).toBeDefined();
  });

  test('may be anything', () => {
    for (const detail of [{}, { eventdata: 7 }, { providerid: 'a', eventdata: { accountid: {} } }]) totogi.totogi.apply({ detail });
  });
});

test('a secret of this stage is the key of the local Totogi, and no other is there', async () => {
  const keysRole = { arn: 'arn:aws:iam::000000000000:role/keys', statements: [], trusts: [] };
  const sts = createSts({ roles: [keysRole], now: () => Date.now() });
  const server = await openHttpServer({ port: 0, variable: 'PORT' });
  onTestFinished(server.close);
  server.serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    sendReply(response, sts(new URLSearchParams(body)) ?? getSecretValue(JSON.parse(body)));
  });
  process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = `http://127.0.0.1:${server.port}`;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  process.env.AWS_ENDPOINT_URL_STS = process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
  const readSecret = (stage: string) => createSecretReader({ stage, keysRole: keysRole.arn })('mvno-aurora');
  expect(await readSecret('local')).toBe('{"key":"local","secret":"local"}');
  await expect(readSecret('prod')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
