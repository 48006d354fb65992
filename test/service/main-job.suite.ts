import { beforeAll, describe, expect, test } from 'vitest';
import { entryOf, fixtureEvents } from '../builders/fixture-events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-aurora';
const FIXTURES_FROM = Date.parse('2026-05-01T08:00:00Z');
const valid = fixtureEvents.filter(({ file }) => !file.startsWith('invalid-'));
const invalid = fixtureEvents.filter(({ file }) => file.startsWith('invalid-'));

const events = () => service.list(TENANT, '/events');
const quarantine = () => service.list(TENANT, '/quarantine');
const explain = (event: Record<string, unknown>) => service.read(TENANT, `/accounts/${event.account}/events/${event.id}/explanation`);
type Workflow = {
  workflow: string;
  state: string;
  waits: unknown[];
  result?: { outcome: string };
  messages: { step: string; state: string; reason?: string }[];
};
/** What an offer leads to depends on what Totogi knows of the account: test/service/offers.suite.ts tells. */
const isNoOffer = ({ workflow }: Workflow) => workflow !== 'retention-offer';
/** Every run that an event started has ended, or waits for what a later time brings. */
const settled = async () => {
  const explanations = await Promise.all((await events()).map(explain));
  const workflows = explanations.flatMap((explanation) => explanation.workflows as Workflow[]).filter(isNoOffer);
  return workflows.every(
    ({ state, waits, messages }) => state === 'finished' || (waits.length > 0 && messages.every((message) => message.state !== 'claimed')),
  );
};

function partition<Item>(items: Item[], belongs: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

describe('events put with the AWS SDK', () => {
  const now = Date.now() - FIXTURES_FROM - 60_000;
  const entries = fixtureEvents.map((event) => entryOf(event, now));

  beforeAll(() => service.put(entries));

  test('are each recorded or quarantined with their faults', async () => {
    const recorded = await service.settled(events, ({ length }) => length === valid.length);
    expect(recorded.map(({ type }) => type).toSorted()).toEqual([
      'AccountCreditWarning',
      'AutoRenewFailure',
      'AutoRenewSuccess',
      ...Array.from({ length: 5 }, () => 'CounterThreshold'),
      'NewPlanActivated',
      'OutOfCredit',
      'PlanCancelled',
      'PlanExpired',
      'PlanExpiryWarning',
      'PlanRollover',
      'UnitAllowanceThreshold',
      'Unrecognised',
    ]);
    const aside = await service.settled(quarantine, ({ length }) => length === invalid.length);
    expect(aside.flatMap(({ faults }) => (faults as { path: string }[]).map(({ path }) => path)).toSorted()).toEqual([
      'detail.eventdata.accountid',
      'detail.eventdata.notificationinformation',
      'detail.eventdata.notificationinformation.state',
    ]);
  });

  test('send the texts they ask for, once, in human units', async () => {
    await service.settled(settled, (all) => all);
    expect((await service.outbox()).map(({ to, text }) => `${to} ${text}`).toSorted()).toEqual([
      '+14155550142 Aurora Mobile: your allowance is running low.',
      '+14155550142 Aurora Mobile: your call allowance is almost used up. Less than 5 min left.',
      '+14155550142 Aurora Mobile: your credit has run out. Calls, texts and data may stop until you top up.',
    ]);
  });

  test('can each say what it led to, or why to nothing', async () => {
    const explanations = await Promise.all((await events()).map(explain));
    const explained = explanations.map(({ event, reason, workflows, summary }) => {
      expect(summary).not.toBe('');
      const [workflow] = workflows as Workflow[];
      const messages =
        workflow?.messages.map(({ step, state, reason: because }) => `${step} ${state}${because ? ` ${because}` : ''}`) ?? [];
      return [`${(event as { name: string }).name}:`, reason ?? workflow?.result?.outcome ?? workflow?.state, ...messages].join(' ');
    });
    // The end of a plan is one episode, whichever of its two events came first.
    const [ofPlanEnd, others] = partition(explained, (line) => /^Plan(Cancelled|Expired):/.test(line));
    expect(ofPlanEnd.map((line) => line.replace(/^\w+: /, '')).toSorted()).toEqual([
      'offer-started notice-sms not-sent no-contact',
      'part-of-episode',
    ]);
    expect(others.toSorted()).toEqual([
      'AccountCreditWarning: not-sent notice-sms not-sent no-contact',
      'AllowanceThresholdVoice: not-sent notice-sms not-sent device-id-not-a-number',
      'AllowanceThresholdVoice: sent notice-sms accepted',
      'AutoRenewFailure: running notice-email not-sent no-contact notice-sms not-sent no-contact',
      'AutoRenewSuccess: not-sent notice-sms not-sent no-contact',
      'BirthdayReached: unrecognised',
      'Bonus Threshold: counter-not-configured',
      'Data Thresholds: running',
      'NewPlanActivated: not-sent notice-email not-sent no-contact notice-sms not-sent no-contact',
      'OutOfCredit: sent notice-email not-sent no-contact notice-sms accepted',
      'PlanExpiryWarning: running notice-sms not-sent no-contact',
      'PlanRollover: not-sent notice-sms not-sent no-contact',
      'Text Thresholds: counter-good',
      'UnitAllowanceThreshold: sent notice-sms accepted',
    ]);
    expect(JSON.stringify(explanations.map(({ workflows }) => workflows))).not.toMatch(/14155550142|Aurora/);
  });

  test('put three times more change nothing', async () => {
    const before = { events: await events(), quarantine: await quarantine(), outbox: await service.outbox() };
    for (let time = 0; time < 3; time += 1) await service.put(entries);
    const { account, id } = before.events[0] ?? {};
    // One more event shows that events still arrive.
    await service.put(valid.slice(0, 1).map((event) => entryOf(event, now + 1)));
    await service.settled(events, ({ length }) => length === valid.length + 1);
    expect((await events()).filter((event) => before.events.some((known) => known.id === event.id))).toEqual(before.events);
    expect(await quarantine()).toEqual(before.quarantine);
    expect(await service.outbox()).toEqual(before.outbox);
    expect(await service.read(TENANT, `/accounts/${account}/events/${id}`)).toEqual(before.events[0]);
  });

  test('put with times long past are recorded, and start nothing for being stale', async () => {
    const outbox = await service.outbox();
    const present = (await events()).length;
    await service.put(valid.map((event) => entryOf(event, 0)));
    const all = await service.settled(events, ({ length }) => length === present + valid.length);
    const old = all.filter(({ occurredAt }) => String(occurredAt) < '2026-05-02');
    expect(old).toHaveLength(valid.length);
    for (const event of old) expect(await explain(event)).toMatchObject({ reason: 'stale', workflows: [] });
    expect(await service.outbox()).toEqual(outbox);
  });
});
