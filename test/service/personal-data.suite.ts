import { expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { leaksIn, readWritten } from '../builders/personal-data.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-aurora';
const DAY_SECONDS = 24 * 3_600;
/** The ten documented notifications, with what Totogi adds to them. */
const TEN: [name: string, state: string, parts: Record<string, unknown>][] = [
  ['PlanExpiryWarning', 'warning', {}],
  ['PlanExpired', 'expired', {}],
  ['PlanCancelled', 'cancelled', {}],
  ['PlanRollover', 'rolloverOccured', { notificationfields: { rolloveramount: 2147483648, rollovergraceperiod: '30d' } }],
  ['OutOfCredit', 'outOfCredit', { threshold: 0 }],
  ['AccountCreditWarning', 'warning', { threshold: 5 }],
  ['AutoRenewSuccess', 'renewSuccess', {}],
  ['AutoRenewFailure', 'renewFailure', {}],
  ['UnitAllowanceThreshold', 'low', { threshold: 50 }],
  ['NewPlanActivated', 'active', { notificationfields: { planid: 'plan-gold' } }],
];

let people = 0;

type Person = { account: string; phone: string; email: string };

async function subscribe(language: string): Promise<Person> {
  people += 1;
  const phone = `+1212555${String(100 + people).padStart(4, '0')}`;
  const person = { account: `acc-${phone.slice(1)}`, phone, email: `zephyrine.${people}@example.com` };
  const { account, ...contact } = person;
  const devices = { [`sim-${people}`]: { phone } };
  await service.write(TENANT, `/accounts/${account}/profile`, { name: 'Zephyrine Quillfeather', language, ...contact, devices });
  return person;
}

async function notify(account: string, information: Record<string, unknown>, device?: string): Promise<void> {
  const { detail } = totogiEvent({ tenant: TENANT, account, device, invokedAt: new Date().toISOString(), information });
  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) }]);
}

async function play(request: object): Promise<number> {
  return (await fetch(`${service.apiUrl}/local/receipts`, { method: 'POST', body: JSON.stringify(request) })).status;
}

const sentTo = async ({ phone, email }: Person) => (await service.outbox()).filter(({ to }) => to === phone || to === email);
const explanations = async ({ account }: Person) =>
  Promise.all(
    (await service.list(TENANT, `/accounts/${account}/events`)).map(({ id }) =>
      service.read(TENANT, `/accounts/${account}/events/${id}/explanation`),
    ),
  );

test('nothing that a service writes down beside its records names a person, whatever happened to whom', async () => {
  const subscribers: Person[] = [];
  for (const language of ['en', 'es'])
    for (const [name, state, parts] of TEN) {
      const person = await subscribe(language);
      subscribers.push(person);
      await notify(person.account, { name, state, ...parts }, `sim-${people}`);
    }
  // What cannot be kept, what nobody knows, and what goes to a number that stands in no profile.
  const [first] = subscribers;
  if (!first) throw new Error('Nobody subscribed.');
  await notify(first.account, { name: { of: first.email }, state: first.phone });
  await notify('acc-#-nobody', { name: 'PlanExpired', state: 'expired' });
  await notify(first.account, { name: 'Birthday of Zephyrine', state: first.email });
  await notify('acc-device-only', { name: 'OutOfCredit', state: 'outOfCredit' }, '12125550999');

  await service.drain();
  for (const person of subscribers) expect(await sentTo(person)).not.toEqual([]);
  await service.settled(
    () => service.list(TENANT, '/quarantine'),
    ({ length }) => length === 2,
  );
  await receiptsAndReplies(subscribers);
  await expect(service.read(TENANT, `/accounts/${first.account}/events/${first.phone}`)).rejects.toThrow(/^400/);
  await expect(service.write(TENANT, `/accounts/${first.account}/profile`, { name: first.email, phone: 'none' })).rejects.toThrow(
    /^422|^400/,
  );
  await service.advance(8 * DAY_SECONDS);
  await service.settled(
    async () =>
      (await Promise.all(subscribers.map(explanations)))
        .flat(2)
        .flatMap(({ workflows }) => workflows as { workflow: string; state: string }[]),
    (workflows) => {
      const explained = workflows.filter(({ workflow }) => workflow !== 'retention-offer');
      return explained.length === 20 && explained.every(({ state }) => state === 'finished');
    },
  );

  await service.kill();
  const written = readWritten(service.stateDirectory);
  expect(leaksIn(written)).toEqual([]);
  // There was something to find it in: lines of every function that has any when nothing fails, every run, every step.
  const services = ['consume-notifications', 'record-email-receipts', 'record-sms-receipts', 'take-sms-replies'];
  const logged = (name: string) => written.lines.some((line) => line.includes(`"service":"${name}"`));
  expect(services.filter((name) => !logged(name))).toEqual([]);
  expect(written.names.filter((name) => !name.includes('retention-offer'))).toHaveLength(21);
  expect(written.results.length).toBeGreaterThan(100);
  expect(written.inputs.every((input) => Object.keys(JSON.parse(input)).join() === 'tenant,account,eventId')).toBe(true);
  await service.restart();
});

/** Every kind of receipt, for messages of different people, and every word that is heeded, and one that is not. */
async function receiptsAndReplies(subscribers: Person[]): Promise<void> {
  const outbox = await service.outbox();
  const events = (channel: string) => [...new Set(outbox.filter((sent) => sent.channel === channel).map(({ eventId }) => eventId))];
  const [texts, mails] = [events('sms'), events('email')];
  const requests = [
    ...['email-delivered', 'email-bounced', 'email-complained', 'email-rejected'].map((kind, index) => ({ kind, eventId: mails[index] })),
    { kind: 'sms-delivered', eventId: texts[0] },
    { kind: 'sms-failed', eventId: texts[1], providerResponse: `Unreachable: ${subscribers[1]?.phone}` },
    ...['STOP', 'Ayuda', 'start', 'I am Zephyrine'].map((text, index) => ({ kind: 'sms-reply', from: subscribers[index]?.phone, text })),
  ];
  for (const request of requests) expect([request.kind, await play(request)]).toEqual([request.kind, 200]);
  await service.settled(
    async () => (await service.outbox()).filter(({ eventId }) => eventId === null).length,
    (answers) => answers === 3,
  );
}
