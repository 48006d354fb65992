import { beforeAll, expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-offers';
const OPERATOR = '-';
const ALARM = 'totogi-notifications-local-email-complaint-rate';
/** The notice that an offer follows is a service message; the offer itself is marketing. */
const NOTICE = 'Offers Mobile: ended';
const OFFER = expect.stringMatching(/^notice: one more month http/);
/** When the reminder of an offer is due: a day before the end of its three. */
const UNTIL_REMINDER_SECONDS = 48 * 3_600;

let phones = 0;

beforeAll(async () => {
  await service.publish('test/fixtures/offers-config');
});

async function local(path: string, body: object): Promise<Record<string, unknown>> {
  const reply = await fetch(`${service.apiUrl}/local/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Record<string, unknown>;
}

/** The stop's route, as a tenant's or the operator's token asks it. */
async function stopRoute(tenant: string, method = 'GET', body?: object): Promise<Record<string, unknown>> {
  const { token } = await local('token', { tenant });
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  const reply = await fetch(`${service.apiUrl}/v1/tenants/${tenant}/pauses/marketing`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Record<string, unknown>;
}

/** A plan ends whose subscriber agreed to marketing, and may leave: a notice, and an offer if marketing goes. */
async function planEnds(account: string): Promise<void> {
  phones += 1;
  const consents = { marketing: { sms: { given: true, source: 'test', at: '2026-01-01T00:00:00Z' } } };
  const profile = { phone: `+141555502${10 + phones}`, language: 'en', country: 'JP', timeZone: 'Asia/Tokyo', consents };
  await service.write(TENANT, `/accounts/${account}/profile`, profile);
  await local('totogi/accounts', { tenant: TENANT, account, churnScore: 0.8, plans: [], balances: [] });
  const event = totogiEvent({ tenant: TENANT, account, invokedAt: new Date(service.now()).toISOString() });
  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) }]);
}

const textsTo = async (account: string) =>
  (await service.outbox()).filter((message) => message.account === account).map(({ text }) => text);
const offered = (account: string) =>
  service.settled(
    () => textsTo(account),
    ({ length }) => length === 2,
  );

type RunOnTimeline = {
  workflow: string;
  result?: { outcome: string; reason?: string };
  messages: { step: string; state: string; reason?: string }[];
};
async function offerRun(account: string): Promise<RunOnTimeline | undefined> {
  const [event] = await service.list(TENANT, `/accounts/${account}/events`);
  const { workflows } = await service.read(TENANT, `/accounts/${account}/events/${event?.id}/explanation`);
  return (workflows as RunOnTimeline[]).find(({ workflow }) => workflow === 'retention-offer');
}

test('an alarm of complaints stops the marketing of all: no offer is issued, what is due is refused, and notices go on', async () => {
  await planEnds('acc-before');
  expect(await offered('acc-before')).toEqual([NOTICE, OFFER]);
  await local('alarms', { alarm: 'sms-spend' });
  await local('alarms', { alarm: 'email-complaint-rate', state: 'OK' });
  expect(await stopRoute(TENANT)).toEqual({ paused: false });

  await local('alarms', { alarm: 'email-complaint-rate' });
  const paused = await service.settled(
    () => stopRoute(TENANT),
    (reply) => reply.paused === true,
  );
  expect(paused).toMatchObject({ ofAll: { state: 'paused', cause: 'alarm', by: ALARM, reason: `The alarm ${ALARM} rang.` } });

  await planEnds('acc-stopped');
  const explanation = await service.settled(
    () => offerRun('acc-stopped'),
    (found) => found?.result !== undefined,
  );
  expect(explanation).toMatchObject({ result: { outcome: 'no-offer-fits', reason: 'marketing-paused' }, messages: [] });
  expect(await textsTo('acc-stopped')).toEqual([NOTICE]);

  await service.advance(UNTIL_REMINDER_SECONDS);
  const reminded = await service.settled(
    () => offerRun('acc-before'),
    (found) => found?.messages.length === 2,
  );
  expect(reminded?.messages.find(({ step }) => step.startsWith('reminder'))).toMatchObject({
    state: 'not-sent',
    reason: 'marketing-paused',
  });
  const timeline = await service.list(TENANT, '/accounts/acc-before/timeline');
  expect(JSON.stringify(timeline)).toContain('was not sent: marketing is paused.');
});

test('it does not lift itself, a tenant cannot lift it, and the operator can: then offers go', async () => {
  await local('alarms', { alarm: 'email-complaint-rate', state: 'OK' });
  expect(await stopRoute(TENANT, 'DELETE')).toMatchObject({ paused: true, ofAll: { state: 'paused' } });
  expect(await stopRoute(OPERATOR, 'DELETE')).toMatchObject({ paused: false, ofAll: { state: 'lifted', by: ALARM } });
  await planEnds('acc-lifted');
  expect(await offered('acc-lifted')).toEqual([NOTICE, OFFER]);
});

test('operations stop one tenant by themselves, with a reason that stands', async () => {
  expect(await stopRoute(TENANT, 'PUT', { reason: 'a list under review' })).toMatchObject({
    paused: true,
    ofTenant: { state: 'paused', cause: 'operations', reason: 'a list under review' },
    ofAll: { state: 'lifted' },
  });
  expect(await stopRoute(TENANT, 'PUT', { reason: 'another' })).toMatchObject({ ofTenant: { reason: 'a list under review' } });
  expect(await stopRoute('mvno-aurora')).toMatchObject({ paused: false });
  expect(await stopRoute(TENANT, 'DELETE')).toMatchObject({ paused: false, ofTenant: { state: 'lifted' } });
});
