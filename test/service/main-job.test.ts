import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entryOf, fixtureEvents } from '../builders/fixture-events.ts';
import { eventually, type RunningService, runService } from '../builders/service.ts';

const TENANT = 'mvno-aurora';
const FIXTURES_FROM = Date.parse('2026-05-01T08:00:00Z');
const valid = fixtureEvents.filter(({ file }) => !file.startsWith('invalid-'));
const invalid = fixtureEvents.filter(({ file }) => file.startsWith('invalid-'));

let service: RunningService;

beforeAll(async () => {
  service = await runService();
}, 120_000);
afterAll(() => service.end());

const events = () => service.list(TENANT, '/events');
const quarantine = () => service.list(TENANT, '/quarantine');
const explain = (event: Record<string, unknown>) => service.read(TENANT, `/accounts/${event.account}/events/${event.id}/explanation`);
/** Every run that an event started has ended. */
const settled = async () => {
  const explanations = await Promise.all((await events()).map(explain));
  return explanations.every(({ workflows }) => (workflows as { state: string }[]).every(({ state }) => state === 'ended'));
};

describe('events put with the AWS SDK', () => {
  const now = Date.now() - FIXTURES_FROM - 60_000;
  const entries = fixtureEvents.map((event) => entryOf(event, now));

  beforeAll(() => service.put(entries));

  test('are each recorded or quarantined with their faults', async () => {
    const recorded = await eventually(events, ({ length }) => length === valid.length);
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
    const aside = await eventually(quarantine, ({ length }) => length === invalid.length);
    expect(aside.flatMap(({ faults }) => (faults as { path: string }[]).map(({ path }) => path)).toSorted()).toEqual([
      'detail.eventdata.accountid',
      'detail.eventdata.notificationinformation',
      'detail.eventdata.notificationinformation.state',
    ]);
  });

  test('send the texts they ask for, once, in human units', async () => {
    await eventually(settled, (all) => all);
    expect((await service.outbox()).map(({ to, text }) => `${to} ${text}`).toSorted()).toEqual([
      '+14155550142 Aurora Mobile: your allowance is running low.',
      '+14155550142 Aurora Mobile: your call allowance is almost used up. Less than 5 min left.',
      '+14155550142 Aurora Mobile: your credit has run out. Calls, texts and data may stop until you top up.',
      '+14155550142 Aurora Mobile: your data allowance is running low. Less than 102 MB left.',
    ]);
  });

  test('can each say why there was no text', async () => {
    const explanations = await Promise.all((await events()).map(explain));
    const told = explanations.map(({ event, reason, workflows, inWords }) => {
      expect(inWords).not.toBe('');
      const [workflow] = workflows as { result: { outcome: string; reason?: string }; messages: { state: string; reason?: string }[] }[];
      const message = workflow?.messages[0];
      const because = message?.reason === undefined ? '' : ` ${message.reason}`;
      return `${(event as { name: string }).name}: ${reason ?? `${workflow?.result.outcome}, ${message?.state}${because}`}`;
    });
    expect(told.toSorted()).toEqual([
      'AccountCreditWarning: not-sent, refused no-contact',
      'AllowanceThresholdVoice: not-sent, refused no-contact',
      'AllowanceThresholdVoice: sent, accepted',
      'AutoRenewFailure: no-workflow',
      'AutoRenewSuccess: no-workflow',
      'BirthdayReached: unrecognised',
      'Bonus Threshold: counter-not-configured',
      'Data Thresholds: sent, accepted',
      'NewPlanActivated: no-workflow',
      'OutOfCredit: sent, accepted',
      'PlanCancelled: no-workflow',
      'PlanExpired: no-workflow',
      'PlanExpiryWarning: no-workflow',
      'PlanRollover: no-workflow',
      'Text Thresholds: counter-good',
      'UnitAllowanceThreshold: sent, accepted',
    ]);
    expect(JSON.stringify(explanations.map(({ workflows }) => workflows))).not.toMatch(/14155550142|Aurora/);
  });

  test('put three times more change nothing', async () => {
    const before = { events: await events(), quarantine: await quarantine(), outbox: await service.outbox() };
    for (let time = 0; time < 3; time += 1) await service.put(entries);
    const { account, id } = before.events[0] ?? {};
    // One more event behind the repeats shows that they have been handled.
    await service.put(valid.slice(0, 1).map((event) => entryOf(event, now + 1)));
    await eventually(events, ({ length }) => length === valid.length + 1);
    await eventually(queueIsEmpty, (empty) => empty);
    expect((await events()).filter((event) => before.events.some((known) => known.id === event.id))).toEqual(before.events);
    expect(await quarantine()).toEqual(before.quarantine);
    expect(await service.outbox()).toEqual(before.outbox);
    expect(await service.read(TENANT, `/accounts/${account}/events/${id}`)).toEqual(before.events[0]);
  });

  test('put with times long past are recorded, and start nothing for being stale', async () => {
    const outbox = await service.outbox();
    const present = (await events()).length;
    await service.put(valid.map((event) => entryOf(event, 0)));
    const all = await eventually(events, ({ length }) => length === present + valid.length);
    const old = all.filter(({ occurredAt }) => String(occurredAt) < '2026-05-02');
    expect(old).toHaveLength(valid.length);
    for (const event of old) expect(await explain(event)).toMatchObject({ reason: 'stale', workflows: [] });
    expect(await service.outbox()).toEqual(outbox);
  });
});

async function queueIsEmpty(): Promise<boolean> {
  const response = await fetch(`${service.apiUrl}/local/queue`);
  const { data } = (await response.json()) as { data: Record<string, { visible: number; inFlight: number; delayed: number }> };
  return Object.values(data).every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
}
