import { beforeAll, describe, expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { entryOf, fixtureEvents } from '../builders/fixture-events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-aurora';
const FIXTURES_FROM = Date.parse('2026-05-01T08:00:00Z');
const PHONE = '+14155550142';

async function play(request: object): Promise<Response> {
  return fetch(`${service.apiUrl}/local/receipts`, { method: 'POST', body: JSON.stringify(request) });
}

type Message = { channel: string; state: string; reason?: string };
async function messagesOf(event: { account: string; eventId: string }): Promise<Message[]> {
  const explanation = await service.read(TENANT, `/accounts/${event.account}/events/${event.eventId}/explanation`);
  return (explanation.workflows as { messages: Message[] }[]).flatMap(({ messages }) => messages);
}

const outOfCredit = fixtureEvents.filter(({ file }) => /out-of-credit|outofcredit/i.test(file));
const put = (movedBy: number) => service.put(outOfCredit.map((event) => entryOf(event, service.now() - FIXTURES_FROM - movedBy)));
const texts = async () => (await service.outbox()).filter(({ channel, to }) => channel === 'sms' && to === PHONE);

describe('a text that went out', () => {
  test('is delivered once its receipt is played', async () => {
    await put(120_000);
    const [text] = await service.settled(texts, (all) => all.length > 0 && all[0]?.eventId !== null);
    if (!text) throw new Error('No text went out.');
    // The outbox has a text a moment before its record does.
    const isAccepted = (found: Message[]) => found.some(({ channel, state }) => channel === 'sms' && state === 'accepted');
    await service.settled(() => messagesOf(text), isAccepted);
    expect((await play({ kind: 'sms-delivered', eventId: text.eventId })).status).toBe(200);
    const sms = (await messagesOf(text)).find(({ channel }) => channel === 'sms');
    expect(sms).toMatchObject({ state: 'delivered' });
  });

  test('answered with STOP is the last but the confirmation', async () => {
    const [first] = await texts();
    if (!first) throw new Error('No text went out.');
    expect((await play({ kind: 'sms-reply', from: PHONE, text: 'Alto', eventId: first.eventId })).status).toBe(200);
    const all = await service.settled(texts, ({ length }) => length === 2);
    expect(all[1]?.text).toContain('Aurora Mobile: you will get no more texts');
    // Ten minutes of quiet are over: what comes now is a run of its own.
    await service.advance(3_600);
    await service.put(outOfCredit.map((event) => entryOf(event, service.now() - FIXTURES_FROM)));
    const list = await service.settled(
      () => service.list(TENANT, `/accounts/${first.account}/events`),
      ({ length }) => length === 2,
    );
    const second = list.find(({ id }) => id !== first.eventId);
    const messages = await service.settled(
      () => messagesOf({ account: first.account, eventId: String(second?.id) }),
      (found) => found.some(({ channel }) => channel === 'sms'),
    );
    expect(messages.find(({ channel }) => channel === 'sms')).toMatchObject({ state: 'not-sent', reason: 'opted-out' });
  });

  test('can only have a receipt when there was one', async () => {
    expect((await play({ kind: 'sms-delivered', eventId: '01K8XK9M3QZ5J6W7V8N9P0R1S2' })).status).toBe(404);
    const wrong = await play({ kind: 'sms-reply', from: 'somebody', text: 'STOP' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('from must be a phone number');
  });
});

describe('a bare STOP', () => {
  let minutes = 0;
  /** A notification of an account whose number is its device's, or in its profile. */
  async function renew(account: string, device?: string): Promise<void> {
    // Renewals of one episode are told once.
    minutes += 11;
    const invokedAt = new Date(service.now() - 6 * 3_600_000 + minutes * 60_000).toISOString();
    const event = totogiEvent({
      tenant: TENANT,
      account,
      device,
      invokedAt,
      information: { name: 'AutoRenewSuccess', state: 'renewSuccess' },
    });
    await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) }]);
  }
  /** What became of the texts of an account's events, the oldest first. */
  async function whenTexts(account: string, ...states: string[]): Promise<void> {
    await service.settled(
      async () => {
        const list = await service.list(TENANT, `/accounts/${account}/events`);
        const all = await Promise.all(list.toReversed().map(({ id }) => messagesOf({ account, eventId: String(id) })));
        return all.flat().map(({ state, reason }) => reason ?? state);
      },
      (explained) => explained.join() === states.join(),
    );
  }
  const sendText = async (from: string, text: string) => expect((await play({ kind: 'sms-reply', from, text })).status).toBe(200);
  // Long before its test, since nothing tells when it was taken.
  beforeAll(() => sendText('+14155554356', 'Stop!'));
  const toNumber = async (number: string) => (await service.outbox()).filter(({ to }) => to === number);

  test('from a number that is a device’s is found, answered and told, and holds for every account with the number until START', async () => {
    await renew('acc-device', '14155554355');
    await whenTexts('acc-device', 'accepted');
    await sendText('+14155554355', 'STOP');
    const [, answer] = await service.settled(
      () => toNumber('+14155554355'),
      ({ length }) => length === 2,
    );
    expect(answer?.text).toContain('you will get no more texts');
    expect(await service.list(TENANT, '/accounts/acc-device/timeline')).toContainEqual(expect.objectContaining({ kind: 'reply' }));
    await renew('acc-device', '14155554355');
    await whenTexts('acc-device', 'accepted', 'opted-out');
    await renew('acc-device-2', '14155554355');
    await whenTexts('acc-device-2', 'opted-out');
    await service.write(TENANT, '/accounts/acc-profile/profile', { phone: '+14155554355' });
    await renew('acc-profile');
    await whenTexts('acc-profile', 'opted-out');
    await sendText('+14155554355', 'START');
    await service.settled(
      () => toNumber('+14155554355'),
      ({ length }) => length === 3,
    );
    await renew('acc-device-2', '14155554355');
    await whenTexts('acc-device-2', 'opted-out', 'accepted');
  });

  test('from a number that nobody knows holds for whoever has it later, also after its profile is deleted', async () => {
    await renew('acc-later', '14155554356');
    await whenTexts('acc-later', 'opted-out');
    await service.write(TENANT, '/accounts/acc-later/profile', { phone: '+14155554356' });
    await service.remove(TENANT, '/accounts/acc-later/profile');
    await renew('acc-later', '14155554356');
    await whenTexts('acc-later', 'opted-out', 'opted-out');
    expect(await toNumber('+14155554356')).toEqual([]);
  });
});

describe('the unsubscribe page over HTTP', () => {
  test('answers unknown tokens with one page, whatever the method', async () => {
    const [one, other, posted] = await Promise.all([
      fetch(`${service.apiUrl}/u/AAAAAAAAAAAAAAAAAAAAAA`),
      fetch(`${service.apiUrl}/u/nothing`),
      fetch(`${service.apiUrl}/u/nothing`, {
        method: 'POST',
        body: 'List-Unsubscribe=One-Click',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ]);
    expect([one.status, other.status, posted.status]).toEqual([404, 404, 404]);
    expect(one.headers.get('cache-control')).toBe('no-store');
    const page = await one.text();
    expect(page).toContain('This link does not work');
    expect(await other.text()).toBe(page);
    expect(await posted.text()).toBe(page);
  });
});
