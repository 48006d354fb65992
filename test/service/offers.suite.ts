import { beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../../local/database/table.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import { readRange } from '../../src/platform/table.ts';
import { accountPartition } from '../../src/schemas/keys.ts';
import { totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-offers';
const PLAN = 'plan-gold-30';
const PLACE = { region: 'us-east-1', accountId: '000000000000' };
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const TOKEN = /\/o\/([A-Za-z0-9_-]{22})\b/;

beforeAll(async () => {
  await service.publish('test/fixtures/offers-config');
});

const now = () => service.now();

const advance = (seconds: number) => service.advance(seconds);

async function local<Reply>(path: string, body?: object): Promise<Reply> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`${service.apiUrl}/local/totogi/${path}`, init);
  expect(response.ok).toBe(true);
  return (await response.json()) as Reply;
}

type TotogiAccount = {
  subscriptions: { planSubscriptionId: string; planId: string }[];
  balances: { balanceTypeId: string; value: number }[];
};
const inTotogi = (account: string) => local<TotogiAccount>(`accounts?tenant=${TENANT}&account=${account}`);
const plansOf = async (account: string) => (await inTotogi(account)).subscriptions.filter(({ planId }) => planId === PLAN).length;
const fail = (...faults: object[]) => Promise.all(faults.map((fault) => local('faults', fault)));

/** An account that may leave, and whose marketing may go now, wherever the clock stands: at a place where it is day. */
async function subscriber(account: string, churnScore: number, customProperties: object = {}): Promise<{ phone: string }> {
  const hour = new Date(now()).getUTCHours();
  const place = hour > 0 && hour < 22 ? { country: 'CI', timeZone: 'Africa/Abidjan' } : { country: 'JP', timeZone: 'Asia/Tokyo' };
  const phone = `+141555501${String(10 + numbers++).padStart(2, '0')}`;
  const consents = { marketing: { sms: { given: true, source: 'test', at: '2026-01-01T00:00:00Z' } } };
  await service.write(TENANT, `/accounts/${account}/profile`, { phone, language: 'en', ...place, consents });
  await local('accounts', { tenant: TENANT, account, churnScore, customProperties, plans: [], balances: [] });
  return { phone };
}
let numbers = 0;

async function planExpired(account: string): Promise<void> {
  const event = totogiEvent({ tenant: TENANT, account, invokedAt: new Date(now()).toISOString() });
  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) }]);
}

const textsOf = async (account: string) =>
  (await service.outbox()).filter((message) => message.account === account).map(({ text }) => text);
const linkIn = (texts: string[]) => texts.map((text) => TOKEN.exec(text)?.[0]).find((link) => link !== undefined);

/** Lets an account's plan expire, and answers the link of the offer that follows. */
async function offered(account: string): Promise<string> {
  await planExpired(account);
  const texts = await service.settled(
    () => textsOf(account),
    (all) => linkIn(all) !== undefined,
  );
  expect(texts[0]).toBe('Offers Mobile: ended');
  return `${service.apiUrl}${linkIn(texts)}`;
}

/** The issue as it is stored, attribute by attribute. */
async function rawOffer(account: string): Promise<Record<string, unknown> | undefined> {
  const client = connectDatabase({ port: Number(new URL(service.awsUrl).port), region: PLACE.region });
  try {
    const name = (await readPackagedStack(PLACE)).table.TableName;
    const range = { partition: accountPartition(TENANT, account), from: 'OFFER#', to: 'OFFER#~', descending: true };
    const { items } = await readRange({ client, name }, range, 1);
    return items[0];
  } finally {
    client.destroy();
  }
}

const offerState = async (account: string) => (await rawOffer(account))?.state;

const press = (link: string, answer = 'accept') =>
  fetch(link, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `answer=${answer}` });
const page = async (link: string) => (await fetch(link)).text();

/** How the run of an account's offer stands, as operations read it. */
async function offerRun(account: string): Promise<string> {
  const [event] = await service.list(TENANT, `/accounts/${account}/events`);
  const explained = await service.read(TENANT, `/accounts/${account}/events/${event?.id}/explanation`);
  const run = (explained.workflows as { workflow: string; summary: string }[]).find(({ workflow }) => workflow === 'retention-offer');
  return run?.summary ?? '';
}

test('the figures say what became of offers, in all and by channel', async () => {
  await subscriber('acc-0', 0.8);
  const link = await offered('acc-0');
  await page(link);
  await press(link);
  await service.drain();
  expect(await service.read(TENANT, '/offers/one-more-month/performance')).toMatchObject({
    total: { issued: 1, opened: 1, accepted: 1, redeemed: 1, heldOut: 0, sms: { sent: 2, opened: 1, accepted: 1, redeemed: 1 } },
    days: [{ issued: 1, complete: false }],
  });
  expect((await service.read(TENANT, '/offers')).data).toMatchObject([
    { id: 'one-more-month', budget: { total: 1000, taken: 1 } },
    { id: 'extra-data', budget: { total: 1000, taken: 0 } },
    { id: 'welcome-back', budget: { total: 1000, taken: 0 } },
  ]);
});

describe('an offer', () => {
  test('is opened fifty times and stands as it did, but for the note of the first opening', async () => {
    await subscriber('acc-1', 0.8);
    const link = await offered('acc-1');
    const before = await service.settled(
      () => rawOffer('acc-1'),
      (record) => record?.callbackId !== undefined,
    );
    expect(before).toMatchObject({ state: 'issued' });
    const pages = [await page(link)];
    const { openedAt, openedVia, ...others } = (await rawOffer('acc-1')) ?? {};
    expect(others).toEqual(before);
    expect({ openedAt, openedVia }).toEqual({ openedAt: expect.any(String), openedVia: 'sms' });
    for (let number = 1; number < 50; number += 1) pages.push(await page(link));
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('Offers Mobile offers you one more month');
    expect(await rawOffer('acc-1')).toEqual({ ...others, openedAt, openedVia });
    expect(await plansOf('acc-1')).toBe(0);
  });

  test('is accepted by forty presses at once, and given once', async () => {
    await subscriber('acc-100', 0.8);
    const link = await offered('acc-100');
    const pressed = await Promise.all(Array.from({ length: 40 }, () => press(link)));
    expect(new Set(pressed.map(({ status }) => status))).toEqual(new Set([200]));
    const pages = await Promise.all(pressed.map((reply) => reply.text()));
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain('You have accepted one more month');
    await service.settled(
      () => textsOf('acc-100'),
      (texts) => texts.includes('Offers Mobile: one more month is yours'),
    );
    expect(await plansOf('acc-100')).toBe(1);
    expect(await page(link)).toBe(pages[0]);
    expect((await textsOf('acc-100')).length).toBe(3);
  });

  test('is accepted by a text of YES, once', async () => {
    const { phone } = await subscriber('acc-30', 0.8);
    const link = await offered('acc-30');
    for (const inboundMessageId of ['yes-1', 'yes-1', 'yes-2']) {
      const reply = { kind: 'sms-reply', from: phone, text: 'Yes', inboundMessageId };
      expect((await fetch(`${service.apiUrl}/local/receipts`, { method: 'POST', body: JSON.stringify(reply) })).status).toBe(200);
    }
    await service.settled(
      () => textsOf('acc-30'),
      (texts) => texts.includes('Offers Mobile: one more month is yours'),
    );
    expect(await plansOf('acc-30')).toBe(1);
    expect(await page(link)).toContain('You have accepted one more month');
  });

  test('of a balance is given once however often Totogi fails', async () => {
    await subscriber('acc-2', 0.1, { segment: 'data' });
    const link = await offered('acc-2');
    await fail(
      { operation: 'createBalance', answer: 'cut', doesTheWork: true },
      { operation: 'createBalance', answer: 'status-500' },
      { operation: 'createBalance', answer: 'RateLimitExceeded', retryAfterSeconds: 1 },
    );
    await press(link);
    for (let round = 0; round < 4; round += 1) await advance(20);
    await service.settled(
      () => textsOf('acc-2'),
      (texts) => texts.includes('Offers Mobile: extra data is yours'),
    );
    expect((await inTotogi('acc-2')).balances.filter(({ balanceTypeId }) => balanceTypeId === 'data')).toMatchObject([
      { value: 1_073_741_824 },
    ]);
  });

  test('for a state of the lifecycle goes to who is in it in Totogi', async () => {
    await subscriber('acc-20', 0.8);
    const lifecycle = { id: 'prepaid', name: 'Prepaid', state: 'dormant', since: '2026-01-01T00:00:00Z', expiryDays: null };
    const balances = [{ balanceId: 'money-20', balanceTypeId: 'money', value: 2, from: null, to: null }];
    await local('accounts', { tenant: TENANT, account: 'acc-20', lifecycle, balances });
    const link = await offered('acc-20');
    expect(await page(link)).toContain('Offers Mobile offers you five for free');
    await press(link);
    await service.settled(
      () => textsOf('acc-20'),
      (texts) => texts.includes('Offers Mobile: five for free is yours'),
    );
    expect((await inTotogi('acc-20')).balances).toMatchObject([{ balanceTypeId: 'money', value: 7 }]);
  });

  test('of a plan whose answer is lost is looked for, and not asked for again when it is there', async () => {
    await subscriber('acc-3', 0.8);
    const link = await offered('acc-3');
    await fail({ operation: 'subscribeToPlan', answer: 'cut', doesTheWork: true });
    await press(link);
    await service.settled(
      () => plansOf('acc-3'),
      (plans) => plans === 1,
    );
    await advance(HOUR_SECONDS);
    await service.settled(
      () => textsOf('acc-3'),
      (texts) => texts.includes('Offers Mobile: one more month is yours'),
    );
    expect(await plansOf('acc-3')).toBe(1);
  });

  test('of a plan that nobody knows of twice is left to operations, and given at most once', async () => {
    await subscriber('acc-4', 0.8);
    const link = await offered('acc-4');
    await fail({ operation: 'subscribeToPlan', answer: 'status-500', times: 2 });
    await press(link);
    // Each wait for Totogi's plans is fifteen minutes; the clock waits for what is at work before it goes on.
    for (let round = 0; round < 4; round += 1) await advance(HOUR_SECONDS / 3);
    await advance(8 * DAY_SECONDS);
    await service.settled(
      () => offerRun('acc-4'),
      (words) => words.includes('operations must decide'),
    );
    expect(await plansOf('acc-4')).toBe(0);

    const [event] = await service.list(TENANT, '/accounts/acc-4/events');
    const retry = () => service.post(TENANT, `/accounts/acc-4/offers/${event?.id}/retry`);
    const retried = { status: 202, body: { retries: 1 } };
    for (const reply of await Promise.all([retry(), retry(), retry()])) expect(reply).toMatchObject(retried);
    await service.settled(
      () => textsOf('acc-4'),
      (texts) => texts.includes('Offers Mobile: one more month is yours'),
    );
    expect(await retry()).toMatchObject({ ...retried, body: { retries: 1, state: 'redeemed' } });
    expect(await plansOf('acc-4')).toBe(1);
  });

  test('is declined once, and then accepted no more', async () => {
    await subscriber('acc-5', 0.8);
    const link = await offered('acc-5');
    expect(await (await press(link, 'decline')).text()).toContain('You do not want one more month');
    expect(await (await press(link)).text()).toContain('You do not want one more month');
    expect(await plansOf('acc-5')).toBe(0);
  });

  test('of a plan that Totogi gives later than the wait is left to operations, and never given twice', async () => {
    await subscriber('acc-40', 0.8);
    const link = await offered('acc-40');
    await fail({ operation: 'subscribeToPlan', answer: 'cut', workAfterSeconds: 1_800 });
    await press(link);
    await advance(HOUR_SECONDS / 3);
    await service.settled(
      () => offerState('acc-40'),
      (state) => state === 'stuck',
    );
    expect(await plansOf('acc-40')).toBe(0);
    const stuck = async () => (await service.list(TENANT, '/failed-activations')).map(({ account, reason }) => [account, reason]);
    expect(await stuck()).toEqual([['acc-40', 'timed-out']]);
    await advance(HOUR_SECONDS);
    await service.settled(
      () => plansOf('acc-40'),
      (plans) => plans === 1,
    );
    const [event] = await service.list(TENANT, '/accounts/acc-40/events');
    expect(await service.post(TENANT, `/accounts/acc-40/offers/${event?.id}/retry`)).toMatchObject({ status: 202 });
    await service.settled(
      () => offerState('acc-40'),
      (state) => state === 'redeemed',
    );
    expect(await stuck()).toEqual([]);
    expect(await plansOf('acc-40')).toBe(1);
  });

  test('gives way to a later one', async () => {
    await subscriber('acc-50', 0.8);
    const first = await offered('acc-50');
    // Another end of a plan than the one that was told.
    await advance(31 * 60);
    await planExpired('acc-50');
    const texts = await service.settled(
      () => textsOf('acc-50'),
      ({ length }) => length === 4,
    );
    const second = `${service.apiUrl}${linkIn(texts.slice(2))}`;
    expect(await page(first)).toContain('This offer is over');
    expect(await (await press(first)).text()).toContain('This offer is over');
    expect(await (await press(second)).text()).toContain('You have accepted one more month');
    await service.settled(
      () => plansOf('acc-50'),
      (plans) => plans === 1,
    );
    expect(await service.read(TENANT, '/offers/one-more-month/performance')).toMatchObject({ total: { superseded: 1 } });
    // Its run reads what became of it when the answer is due, and ends when no purchase is credited to it any more.
    await advance(48 * HOUR_SECONDS + 60);
    await advance(8 * DAY_SECONDS);
    await service.drain();
    const [, ended] = await service.list(TENANT, '/accounts/acc-50/events');
    const { workflows } = await service.read(TENANT, `/accounts/acc-50/events/${ended?.id}/explanation`);
    expect(workflows).toContainEqual(
      expect.objectContaining({ workflow: 'retention-offer', result: expect.objectContaining({ outcome: 'superseded' }) }),
    );
  });

  test('reminds before its end, and then is over', async () => {
    await subscriber('acc-6', 0.8);
    const link = await offered('acc-6');
    await advance(48 * HOUR_SECONDS + 60);
    const texts = await service.settled(
      () => textsOf('acc-6'),
      ({ length }) => length === 3,
    );
    expect(texts[2]).toMatch(/^reminder: one more month http/);
    await advance(24 * HOUR_SECONDS);
    expect(await page(link)).toContain('This offer is over');
    expect(await (await press(link)).text()).toContain('This offer is over');
    await advance(5 * DAY_SECONDS);
    await service.settled(
      () => offerRun('acc-6'),
      (words) => words.includes('expire'),
    );
    expect(await plansOf('acc-6')).toBe(0);
  });

  test('is credited with what happened within its window', async () => {
    await subscriber('acc-7', 0.8);
    await press(await offered('acc-7'));
    await service.settled(
      () => textsOf('acc-7'),
      ({ length }) => length === 3,
    );
    const { detail } = totogiEvent({
      tenant: TENANT,
      account: 'acc-7',
      invokedAt: new Date(now()).toISOString(),
      information: { name: 'NewPlanActivated', state: 'active', notificationfields: { planid: PLAN } },
    });
    await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) }]);
    await advance(7 * DAY_SECONDS + 60);
    await service.settled(
      async () => (await service.list(TENANT, '/accounts/acc-7/timeline')).map((entry) => JSON.stringify(entry)).join('\n'),
      (timeline) => timeline.includes('offer accepted and redeemed'),
    );
  });

  test('goes to nobody whose score is too low, and the notice goes all the same', async () => {
    await subscriber('acc-8', 0.2);
    await planExpired('acc-8');
    await service.settled(
      () => offerRun('acc-8').catch(() => ''),
      (words) => words.includes('the churn score is outside the range'),
    );
    expect(await textsOf('acc-8')).toEqual(['Offers Mobile: ended']);
  });

  test('waits for a Totogi that is down, while the notice goes at once', async () => {
    await subscriber('acc-9', 0.8);
    await fail({ operation: 'getAccount', answer: 'status-500', times: 3 });
    await planExpired('acc-9');
    await advance(1);
    expect(await textsOf('acc-9')).toEqual(['Offers Mobile: ended']);
    // Each pause after a failure is longer than the one before.
    for (let round = 0; round < 4; round += 1) await advance(60);
    await service.settled(
      () => textsOf('acc-9'),
      (texts) => linkIn(texts) !== undefined,
    );
  });
});

test('tokens that are altered, unknown or no tokens get one page, the same to the byte', async () => {
  await subscriber('acc-10', 0.8);
  const link = await offered('acc-10');
  const altered = [
    `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`,
    `${service.apiUrl}/o/${'A'.repeat(22)}`,
    `${service.apiUrl}/o/x`,
  ];
  const replies = await Promise.all([...altered.map((address) => fetch(address)), ...altered.map((address) => press(address))]);
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]));
  expect(new Set(await Promise.all(replies.map((reply) => reply.text()))).size).toBe(1);
});
