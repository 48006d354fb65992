import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfigurationFolder, copyConfiguration } from '../builders/configuration-folder.ts';
import { totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-totogi';
const PROVIDER = 'provider-7';
const HOUR_SECONDS = 3_600;

/** A tenant whose contacts and plans' ends are in Totogi's accounts. */
const operations = `tenant: ${TENANT}
contacts: [profile, { customProperties: { phone: contact.phone, email: contact.email } }]
totogi:
  region: ap-southeast-1
  providerId: ${PROVIDER}
email:
  from:
    service: care@totogi-mobile.example
`;

let folder: ConfigurationFolder;

beforeAll(async () => {
  folder = copyConfiguration();
  folder.write(`tenants/${TENANT}.yml`, `tenant: ${TENANT}\nname: Totogi Mobile\n`);
  folder.write(`operations/${TENANT}.yml`, `${operations}country: US\n`);
  await service.publish(folder.directory);
});
afterAll(() => folder.remove());

const now = () => service.now();

async function totogi(path: string, body?: object): Promise<void> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : { method: 'DELETE' };
  const response = await fetch(`${service.apiUrl}/local/totogi/${path}`, init);
  expect(response.status).toBe(200);
}

async function notify(account: string, name: string, state: string): Promise<void> {
  const invokedAt = new Date(now()).toISOString();
  const event = totogiEvent({ tenant: TENANT, account, invokedAt, information: { name, state, threshold: 104_857_600 } });
  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) }]);
}

const advance = (seconds: number) => service.advance(seconds);

/** What an account's one event led to, in words. */
async function explanation(account: string): Promise<string> {
  const [event] = await service.list(TENANT, `/accounts/${account}/events`);
  if (event === undefined) return '';
  const { workflows } = await service.read(TENANT, `/accounts/${account}/events/${event.id}/explanation`);
  const summaries = workflows as { summary: string; messages: { summary: string }[] }[];
  return summaries.flatMap(({ summary, messages }) => [summary, ...messages.map((message) => message.summary)]).join(' ');
}
const summaries = (account: string, ...words: string[]) =>
  service.settled(
    () => explanation(account),
    (shown) => words.every((some) => shown.includes(some)),
  );
const sentTo = async (account: string) =>
  (await service.outbox()).filter((message) => message.account === account).map(({ to, text }) => [to, text.split('\n')[0]]);

test("a plan's end and the contact are what Totogi's account says", async () => {
  const to = new Date(now() + 100 * HOUR_SECONDS * 1_000).toISOString();
  const contact = { phone: '+14155550311', email: 'ada@example.com' };
  await totogi('accounts', {
    tenant: PROVIDER,
    account: 'acc-ends',
    customProperties: { contact },
    plans: [{ planId: 'plan-data-10gb', to }],
  });
  await notify('acc-ends', 'PlanExpiryWarning', 'warning');
  await summaries(
    'acc-ends',
    "The end of the plan comes from Totogi's account.",
    '"notice-sms" was accepted by the carrier',
    'waiting until',
  );
  expect(await sentTo('acc-ends')).toEqual([[contact.phone, expect.stringContaining('4 days')]]);

  await advance(76 * HOUR_SECONDS + 1);
  await summaries('acc-ends', 'plan-expiry: completed', '"reminder-email" was accepted by the carrier');
  expect(await sentTo('acc-ends')).toEqual([expect.anything(), [contact.email, expect.any(String)]]);
});

test('a warning that comes long after the first one and before the end that Totogi names is part of its episode', async () => {
  const to = new Date(now() + 10 * 24 * HOUR_SECONDS * 1_000).toISOString();
  await service.write(TENANT, '/accounts/acc-late/profile', { phone: '+14155550314', email: 'acc-late@example.com' });
  await totogi('accounts', { tenant: PROVIDER, account: 'acc-late', plans: [{ planId: 'plan-data-10gb', to }] });
  await notify('acc-late', 'PlanExpiryWarning', 'warning');
  await summaries('acc-late', 'waiting until');
  await advance(7 * 24 * HOUR_SECONDS + 60);
  await notify('acc-late', 'PlanExpiryWarning', 'warning');
  await summaries('acc-late', 'another event started this episode');
  await advance(2 * 24 * HOUR_SECONDS);
  const sent = await service.settled(
    () => sentTo('acc-late'),
    ({ length }) => length > 1,
  );
  expect(sent.map(([to]) => to)).toEqual(['+14155550314', 'acc-late@example.com']);
});

test('a STOP from a number that only Totogi’s account has is found, and heeded', async () => {
  const contact = { phone: '+14155550315' };
  await totogi('accounts', { tenant: PROVIDER, account: 'acc-stops', customProperties: { contact } });
  await notify('acc-stops', 'AutoRenewSuccess', 'renewSuccess');
  await summaries('acc-stops', '"notice-sms" was accepted by the carrier');
  const reply = { kind: 'sms-reply', from: contact.phone, text: 'STOP' };
  expect((await fetch(`${service.apiUrl}/local/receipts`, { method: 'POST', body: JSON.stringify(reply) })).status).toBe(200);
  await service.settled(
    () => service.list(TENANT, '/accounts/acc-stops/timeline'),
    (timeline) => timeline.some(({ kind }) => kind === 'reply'),
  );
  // Another renewal than the one that was told.
  await advance(11 * 60);
  await notify('acc-stops', 'AutoRenewSuccess', 'renewSuccess');
  await summaries('acc-stops', 'the subscriber opted out of this channel');
});

describe('a Totogi that is down', () => {
  test('is waited for where only it has the contact, said on record, and holds up nobody else', async () => {
    const contact = { phone: '+14155550312' };
    await totogi('accounts', { tenant: PROVIDER, account: 'acc-waits', customProperties: { contact } });
    await service.write(TENANT, '/accounts/acc-known/profile', { phone: '+14155550313' });
    await totogi('faults', { answer: 'status-500', times: 0 });

    await notify('acc-waits', 'AllowanceThresholdData', 'low');
    await summaries('acc-waits', 'low-allowance: running', 'is held until', 'the number or address is in Totogi, which does not answer');
    await notify('acc-known', 'PlanExpiryWarning', 'warning');
    await summaries('acc-known', 'The end of the plan is unknown: Totogi did not answer.', '"notice-sms" was accepted by the carrier');
    expect(await sentTo('acc-waits')).toEqual([]);

    await totogi('faults');
    await advance(61);
    await summaries('acc-waits', 'low-allowance: message sent');
    expect(await sentTo('acc-waits')).toEqual([[contact.phone, expect.stringContaining('100 MB')]]);
  });

  test('that does not know the account is not waited for', async () => {
    await totogi('accounts', { tenant: PROVIDER, account: 'acc-none', exists: false });
    await notify('acc-none', 'AllowanceThresholdData', 'low');
    expect(await summaries('acc-none', 'no message sent')).toContain('Totogi does not know the account');
  });
});
