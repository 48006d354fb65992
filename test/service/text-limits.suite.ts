import { beforeAll, describe, expect, test } from 'vitest';
import { type Information, totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-aurora';
/** More than the limits of ten. */
const EVENTS = 15;
/** All within a minute, and in the past. */
const FIRST_SECONDS_AGO = 90;
const PREMIUM = 'premium';

type Event = { account?: string; device?: string; information: Information };
type Entry = {
  message?: { workflow: string; channel: string; state: string; reason?: string };
  run?: { workflow: string; state: string; result?: { outcome: string } };
};

beforeAll(async () => {
  await service.write(TENANT, `/accounts/${PREMIUM}/profile`, { phone: '+449098790000' });
}, 120_000);

const renewed: Information = { name: 'AutoRenewSuccess', state: 'renewSuccess' };
const welcomed = (plan: number): Information => ({
  name: 'NewPlanActivated',
  state: 'active',
  notificationfields: { planid: `plan-${plan}` },
});
const outOfCredit: Information = { name: 'OutOfCredit', state: 'outOfCredit', threshold: 0 };
/** The numbers that are kept for films, a hundred for each row. */
const phone = (row: number, event = 0) => `1${212 + row}55501${String(event).padStart(2, '0')}`;

type Row = { what: string; workflow: string; event: (number: number) => Event; texts: number; others: string[] };

describe('events within a minute send no more texts than the limits, and the others say why not:', () => {
  test.each<Row>([
    {
      what: 'renewals of one plan',
      workflow: 'renewal-succeeded',
      event: () => ({ device: phone(0), information: renewed }),
      texts: 1,
      others: ['part-of-episode'],
    },
    {
      what: 'renewals about a premium number',
      workflow: 'renewal-succeeded',
      event: () => ({ account: PREMIUM, information: renewed }),
      texts: 0,
      others: ['number-type-not-allowed', 'part-of-episode'],
    },
    {
      what: 'many plans',
      workflow: 'welcome',
      event: (number) => ({ device: phone(1), information: welcomed(number) }),
      texts: 10,
      others: ['account-limit', 'number-limit'],
    },
    {
      what: 'many devices of one account',
      workflow: 'credit-alert',
      event: (number) => ({ device: phone(3, number), information: outOfCredit }),
      texts: 10,
      others: ['account-limit'],
    },
    {
      what: 'one number on many accounts',
      workflow: 'credit-alert',
      event: (number) => ({ account: `shared-${number}`, device: phone(4), information: outOfCredit }),
      texts: 10,
      others: ['number-limit'],
    },
  ])('$what', async ({ what, workflow, event, texts, others }) => {
    const events = Array.from({ length: EVENTS }, (_, number) => ({ account: what.replaceAll(' ', '-'), ...event(number) }));
    const accounts = [...new Set(events.map(({ account }) => account))];
    await service.put(events.map((one, number) => entryOf(one, number)));
    const endings = await service.settled(
      () => endingsOf(accounts, workflow),
      (all) => all.length === EVENTS,
    );
    const [sent, notSent] = [endings.filter((ending) => ending === 'accepted'), endings.filter((ending) => ending !== 'accepted')];
    expect({ sent: sent.length, notSent: notSent.length }).toEqual({ sent: texts, notSent: EVENTS - texts });
    expect(others).toEqual(expect.arrayContaining([...new Set(notSent)]));
    expect(await textsTo(accounts)).toHaveLength(texts);
  });
});

const textsTo = async (accounts: string[]) => (await service.outbox()).filter(({ account }) => accounts.includes(account));

function entryOf({ account, device, information }: Event, number: number) {
  const invokedAt = new Date(Date.now() - FIRST_SECONDS_AGO * 1_000 + number * 1_000).toISOString();
  const { detail } = totogiEvent({ tenant: TENANT, account, device, session: `s-${number}`, invokedAt, information });
  return { Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) };
}

/** How the texts of a workflow's runs ended, as the timelines tell it: absorbed without one, or by their reason or state. */
async function endingsOf(accounts: string[], workflow: string): Promise<string[]> {
  const timelines: Entry[] = [];
  for (const account of accounts) timelines.push(...((await service.list(TENANT, `/accounts/${account}/timeline`)) as Entry[]));
  return timelines.flatMap(({ message, run }) => {
    if (run?.workflow === workflow && run.result?.outcome === 'part-of-episode') return ['part-of-episode'];
    if (message?.workflow !== workflow || message.channel !== 'sms' || message.state === 'claimed') return [];
    return [message.state === 'not-sent' ? String(message.reason) : message.state];
  });
}
