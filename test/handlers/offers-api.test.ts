import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { createHandler } from '../../src/handlers/offers-api.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { recordConversion, recordOpening } from '../../src/offers/milestones.ts';
import type { OfferReference } from '../../src/offers/offer-records.ts';
import { recordDelivery, recordSending } from '../../src/offers/sent-messages.ts';
import { acceptOffer, completeRedemption, endOffer, markOfferStuck, startRedemption } from '../../src/offers/transitions.ts';
import type { MessageState } from '../../src/schemas/message/message.ts';
import { OfferPerformance } from '../../src/schemas/offer/offer-performance.ts';
import { type ApiReply, callApi } from '../builders/api-call.ts';
import { published } from '../builders/configuration.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const NOW = Date.parse('2026-05-20T12:00:00Z');
const FIRST_DAY = Date.parse('2026-05-01T23:30:00Z');
const SECOND_DAY = Date.parse('2026-05-02T00:30:00Z');
const ISSUE = '01K8XK9M3QZ5J6W7V8N9P0R1S2';
const PRICES = { currency: 'USD', smsPart: 0.01, email: 0.001 };

let opened: TestTable;
let handler: ReturnType<typeof createHandler>;
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  opened = await openTestTable();
  const now = () => NOW;
  handler = createHandler({ tables: () => opened.table, configurations: createConfigurations(opened.table, now), now });
});
afterAll(() => opened.close());

const publish = (tenant: string, offers: ReturnType<typeof offer>[]) =>
  publishConfiguration(opened.table, { ...published({ tenant, messagePrices: PRICES }), offers }, new Date(NOW));
const ask = (tenant: string, id: string, query: Record<string, string> = {}): Promise<ApiReply> =>
  callApi(handler, 'showOfferPerformance', { path: { tenant, offer: id }, query });

const referenceOf = (tenant: string, account: string): OfferReference => ({ tenant, account, offerId: ISSUE });
const issueTo = (reference: OfferReference, at: number, parts: { heldOut?: boolean; budget?: { perDay?: number; total?: number } } = {}) =>
  issueOffer(
    opened.table,
    { ...reference, configuration: 'v-1' },
    { offer: offer({ budget: parts.budget ?? {} }), heldOut: parts.heldOut ?? false },
    at,
  );

/** A message of an issue, of the workflow that tells of offers. */
const message = ({ tenant, account }: OfferReference, channel: 'sms' | 'email', step = `notice-${channel}`) => {
  const state: MessageState = 'delivered';
  const reference = { tenant, account, eventId: ISSUE, workflow: 'retention-offer', step };
  return { ...reference, channel, class: 'marketing' as const, state, parts: channel === 'sms' ? 2 : undefined };
};

describe('the offers in force', () => {
  test('are those of the configuration, with what is taken of their budgets', async () => {
    await publish('mvno-list', [
      offer({ budget: { perDay: 5, total: 9 } }),
      offer({ id: 'boundless', attribution: { goal: { type: 'AutoRenewSuccess' } } }),
    ]);
    const budget = { perDay: 5, total: 9 };
    await issueTo(referenceOf('mvno-list', 'acc-1'), FIRST_DAY, { budget });
    await issueTo(referenceOf('mvno-list', 'acc-2'), NOW, { budget });
    await issueTo(referenceOf('mvno-list', 'acc-3'), NOW, { budget });
    const { status, body } = await callApi(handler, 'listOffers', { path: { tenant: 'mvno-list' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: [
        { id: 'free-month', class: 'marketing', configuration: 'v-1', budget: { perDay: 5, takenToday: 2, total: 9, taken: 3 } },
        { id: 'boundless', budget: {}, attribution: { windowDays: 14, goal: { type: 'AutoRenewSuccess' } } },
      ],
      next: null,
    });
  });

  test('are none where the tenant has no configuration', async () => {
    expect(await callApi(handler, 'listOffers', { path: { tenant: 'mvno-nobody' } })).toMatchObject({ status: 200, body: { data: [] } });
  });
});

describe('what an offer earned', () => {
  test('counts each step on the day of the issue, once however often it is noted', async () => {
    const tenant = 'mvno-life';
    await publish(tenant, [offer()]);
    const one = referenceOf(tenant, 'acc-1');
    await issueTo(one, FIRST_DAY);
    for (let time = 0; time < 2; time += 1) {
      for (const channel of ['sms', 'email'] as const) {
        await recordSending(opened.table, message(one, channel), { outcome: 'accepted' });
        await recordDelivery(opened.table, message(one, channel));
      }
      await recordSending(opened.table, message(one, 'sms', 'reminder-sms'), { outcome: 'unknown' });
      await recordDelivery(opened.table, message(one, 'sms', 'reminder-sms'));
      await recordOpening(opened.table, one, { via: 'email', at: SECOND_DAY });
      await acceptOffer(opened.table, one, { by: 'link', via: 'sms', at: SECOND_DAY });
      await startRedemption(opened.table, one);
      if (time === 0) await markOfferStuck(opened.table, one, 'unknown-twice', SECOND_DAY);
      await startRedemption(opened.table, one);
      await completeRedemption(opened.table, one, SECOND_DAY);
      await recordConversion(opened.table, one, 'event-1', SECOND_DAY);
    }
    const { status, body } = await ask(tenant, 'free-month', { from: '2026-05-01', to: '2026-05-03' });
    expect(status).toBe(200);
    const figures = { issued: 1, opened: 1, accepted: 1, stuck: 1, redeemed: 1, converted: 1, heldOut: 0, expired: 0 };
    const channels = {
      sms: { sent: 2, parts: 4, delivered: 1, opened: 0, accepted: 1, redeemed: 1, converted: 1 },
      email: { sent: 1, delivered: 1, opened: 1, accepted: 0, redeemed: 0, converted: 0 },
    };
    expect(body).toMatchObject({
      total: { ...figures, ...channels },
      days: [{ day: '2026-05-01', ...figures, ...channels, complete: true }],
      cost: { currency: 'USD', amount: 0.041 },
    });
  });

  test('takes no notice of what failed, of confirmations and of messages about nothing that was issued', async () => {
    const tenant = 'mvno-apart';
    await publish(tenant, [offer()]);
    const one = referenceOf(tenant, 'acc-1');
    await issueTo(one, FIRST_DAY);
    await recordSending(opened.table, message(one, 'sms'), { outcome: 'failed' });
    await recordDelivery(opened.table, { ...message(one, 'sms'), class: 'service' });
    await recordDelivery(opened.table, { ...message(one, 'sms'), state: 'accepted' });
    await recordDelivery(opened.table, { ...message(one, 'sms'), workflow: 'win-back' });
    await recordDelivery(opened.table, message(referenceOf(tenant, 'acc-2'), 'sms'));
    const { body } = await ask(tenant, 'free-month', { from: '2026-05-01' });
    expect(body.total).toMatchObject({ issued: 1, sms: { sent: 0, parts: 0, delivered: 0 }, email: { sent: 0, delivered: 0 } });
  });

  test('compares those it was issued to, told or not, with those held out', async () => {
    const tenant = 'mvno-lift';
    await publish(tenant, [offer()]);
    for (let index = 0; index < 10; index += 1) {
      const one = referenceOf(tenant, `acc-${index}`);
      const heldOut = index >= 6;
      await issueTo(one, index % 2 === 0 ? FIRST_DAY : SECOND_DAY, { heldOut });
      if (index === 0) await endOffer(opened.table, one, 'denied-by-policy', { at: SECOND_DAY });
      if (index === 1) await endOffer(opened.table, one, 'expired', { at: SECOND_DAY });
      if (index % 2 === 0 && index !== 8) await recordConversion(opened.table, one, 'event-1', SECOND_DAY);
    }
    const { body } = await ask(tenant, 'free-month');
    const { comparison, days } = OfferPerformance.parse(body);
    expect(comparison).toMatchObject({
      offered: { accounts: 6, converted: 3, rate: 0.5 },
      heldOut: { accounts: 4, converted: 1, rate: 0.25 },
      lift: 0.25,
    });
    expect(days.map(({ day, issued, heldOut, deniedByPolicy, expired }) => ({ day, issued, heldOut, deniedByPolicy, expired }))).toEqual([
      { day: '2026-05-01', issued: 3, heldOut: 2, deniedByPolicy: 1, expired: 0 },
      { day: '2026-05-02', issued: 3, heldOut: 2, deniedByPolicy: 0, expired: 1 },
    ]);
  });

  test.each([
    [{}, '2026-04-21', '2026-05-21'],
    [{ from: '2026-05-01' }, '2026-05-01', '2026-05-21'],
    [{ from: '2026-05-01T09:00:00+02:00', to: '2026-05-02T00:00:00.001Z' }, '2026-05-01', '2026-05-03'],
    [{ from: '2026-05-02', to: '2026-05-02' }, '2026-05-02', '2026-05-02'],
  ])('is told of whole days: %o are those from %s to %s', async (query, from, to) => {
    await publish('mvno-days', [offer()]);
    const { body } = await ask('mvno-days', 'free-month', query);
    expect(body).toMatchObject({ from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z`, days: [] });
  });

  test.each([
    [{ from: '2026-05-02', to: '2026-05-01' }, 'from'],
    [{ from: '2025-05-19', to: '2026-05-21' }, 'from'],
    [{ from: '2026-06-01' }, 'from'],
    [{ to: '2026-02-30' }, 'to'],
    [{ until: '2026-05-01' }, 'until'],
  ])('is refused for %o, naming the parameter', async (query, parameter) => {
    expect(await ask('mvno-days', 'free-month', query)).toMatchObject({ status: 400, body: { errors: [{ parameter }] } });
  });

  test('is known of an offer that is no longer in force, and of none that never was', async () => {
    await publish('mvno-gone', []);
    await issueTo(referenceOf('mvno-gone', 'acc-1'), FIRST_DAY);
    expect(await ask('mvno-gone', 'free-month')).toMatchObject({ status: 200, body: { total: { issued: 1 } } });
    const before = { from: '2026-04-01', to: '2026-04-02' };
    expect(await ask('mvno-gone', 'free-month', before)).toMatchObject({ status: 200, body: { total: { issued: 0 } } });
    expect(await ask('mvno-gone', 'other')).toMatchObject({ status: 404 });
  });
});

test('another tenant sees none of it', async () => {
  const claims = { tenant: 'mvno-other' };
  for (const name of ['listOffers', 'showOfferPerformance'] as const)
    expect(await callApi(handler, name, { path: { tenant: 'mvno-life', offer: 'free-month' }, claims })).toMatchObject({ status: 403 });
});
