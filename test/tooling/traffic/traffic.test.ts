import { describe, expect, test } from 'vitest';
import { acceptEntry } from '../../../local/event-bus/entries.ts';
import { parseEvent } from '../../../src/ingest/parse-event.ts';
import { NOTIFICATION_TYPES } from '../../../src/schemas/event/notification-type.ts';
import { sharesOf, type TrafficEntry, type TrafficPlan, traffic } from '../../../tooling/traffic/traffic.ts';
import { sessionOf } from '../../../verify/faults/expectation.ts';

const startsAt = Date.parse('2026-03-14T00:00:00Z');
const plain: TrafficPlan = {
  tenant: 'mvno-aurora',
  accounts: 50,
  seed: 7,
  startsAt,
  rate: 100,
  entries: 3_000,
  duplicateShare: 0,
  invalidShare: 0,
  shuffle: false,
  withUnusableTenants: false,
  withHostileValues: false,
};

const entriesOf = (change: Partial<TrafficPlan> = {}) => [...traffic({ ...plain, ...change })];
const keyOf = ({ detail, time }: TrafficEntry) => `${time.toISOString()} ${detail}`;
const distinctOf = (entries: TrafficEntry[]) => [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];

function read({ source, detailType, time, detail }: TrafficEntry) {
  const envelope = {
    version: '0',
    id: 'e',
    'detail-type': detailType,
    source,
    account: '266643203619',
    region: 'us-east-1',
    resources: [],
  };
  return parseEvent(`${JSON.stringify({ ...envelope, time: `${time.toISOString().slice(0, 19)}Z` }).slice(0, -1)},"detail":${detail}}`);
}

describe('the sequence', () => {
  const noisy = { duplicateShare: 0.05, invalidShare: 0.01, shuffle: true };

  test('is the same for the same seed and start', () => {
    expect(entriesOf(noisy)).toEqual(entriesOf(noisy));
  });

  test('shares nothing with that of another seed or another start', () => {
    const details = new Set(entriesOf(noisy).map(({ detail }) => detail));
    const others = [...entriesOf({ ...noisy, seed: 8 }), ...entriesOf({ ...noisy, startsAt: startsAt + 1 })];
    expect(others.filter(({ detail }) => details.has(detail))).toEqual([]);
  });

  test.each([
    { duplicateShare: 0, invalidShare: 0, distinct: 3_000, repeated: 0, invalid: 0 },
    { duplicateShare: 0.05, invalidShare: 0.01, distinct: 2_857, repeated: 143, invalid: 29 },
    { duplicateShare: 1, invalidShare: 1, distinct: 1_500, repeated: 1_500, invalid: 1_500 },
  ])(
    'holds exactly the shares asked for: $duplicateShare duplicates, $invalidShare invalid',
    ({ duplicateShare, invalidShare, ...shares }) => {
      expect(sharesOf({ ...plain, duplicateShare, invalidShare })).toEqual(shares);
      for (const shuffle of [false, true]) {
        const entries = entriesOf({ duplicateShare, invalidShare, shuffle });
        const distinct = distinctOf(entries);
        expect(distinct).toHaveLength(shares.distinct);
        expect(entries).toHaveLength(shares.distinct + shares.repeated);
        expect(distinct.filter(({ kind }) => kind === 'invalid')).toHaveLength(shares.invalid);
        expect(new Set(distinct.map(({ content }) => content)).size).toBe(shares.distinct);
      }
    },
  );

  test('keeps to the plan: entries leave in order at the rate, invoked less than a second before', () => {
    for (const [slot, entry] of entriesOf().entries()) {
      expect(entry.time.getTime()).toBe(startsAt + slot * 10);
      const event = read(entry);
      const age = event.valid ? entry.time.getTime() - Date.parse(event.notification.occurredAt) : Number.NaN;
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(1_000);
    }
  });

  test('shuffled is out of order, and holds nothing from after the moment of sending', () => {
    const times = entriesOf({ shuffle: true }).map(({ time }) => time.getTime());
    expect(times).not.toEqual(times.toSorted((first, second) => first - second));
    expect(times.every((time, slot) => time <= startsAt + slot * 10)).toBe(true);
  });
});

describe('valid notifications', () => {
  const entries = entriesOf();

  test('are read by the service as the type they say, each with an id of its own', () => {
    const events = entries.map(read);
    expect(events.filter((event) => !event.valid)).toEqual([]);
    expect(events.map((event) => event.valid && event.notification.type)).toEqual(entries.map(({ type }) => type));
    expect(new Set(events.map((event) => event.valid && event.id)).size).toBe(entries.length);
  });

  test('are of every type', () => {
    expect(new Set(entries.map(({ type }) => type))).toEqual(new Set(NOTIFICATION_TYPES));
  });

  test('come in every spelling', () => {
    const spellings = ['"notificationinformation":', '"notificationInformation":', '"sk":'];
    const counts = spellings.map((spelling) => entries.filter(({ detail }) => detail.includes(spelling)).length);
    expect(counts.every((count) => count > 50)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count)).toBe(entries.length);
  });

  test('name only numbers reserved for fiction, one account each', () => {
    const accountByDevice = new Map<string, string>();
    for (const entry of entries) {
      const event = read(entry);
      if (!event.valid || event.notification.device === undefined) continue;
      const { device, account } = event.notification;
      expect(device).toMatch(/^1[2-9]\d\d55501\d\d$/);
      expect(accountByDevice.get(device) ?? account).toBe(account);
      accountByDevice.set(device, account);
    }
    expect(accountByDevice.size).toBeGreaterThan(plain.accounts);
  });

  test('of one account go forward in time', () => {
    const latest = new Map<string, string>();
    for (const entry of entriesOf({ accounts: 2, entries: 500 })) {
      const event = read(entry);
      if (!event.valid) continue;
      const { account, occurredAt } = event.notification;
      expect(occurredAt > (latest.get(account) ?? '')).toBe(true);
      latest.set(account, occurredAt);
    }
  });
});

describe('invalid notifications', () => {
  test.each([
    ['stay with the tenant, by default', false, ['mvno-aurora']],
    ['name an unusable tenant too, on request', true, ['mvno-aurora', undefined]],
  ])('%s, and the service refuses every one', (_claim, withUnusableTenants, tenants) => {
    const entries = entriesOf({ invalidShare: 1, entries: 500, withUnusableTenants });
    const events = entries.map(read);
    expect(events.filter((event) => event.valid)).toEqual([]);
    expect(new Set(events.map((event) => !event.valid && event.tenant))).toEqual(new Set(tenants));
    expect(new Set(entries.map(({ type }) => type)).size).toBe(tenants.length + 3);
    expect(distinctOf(entries)).toHaveLength(500);
  });

  test('are made to harm their reader by half, on request, and the service still reads whose they are', () => {
    const entries = entriesOf({ invalidShare: 1, entries: 500, withHostileValues: true });
    const hostile = entries.filter(({ type }) => type.startsWith('invalid: hostile '));
    expect(hostile.length).toBeGreaterThan(200);
    expect(hostile.length).toBeLessThan(300);
    expect(Math.max(...hostile.map(({ detail }) => detail.length))).toBeGreaterThan(140_000);
    const accepted = hostile.map(({ detail }) => acceptEntry({ Source: 'totogi', DetailType: 'Notification', Detail: detail }));
    expect(accepted.filter((entry) => 'ErrorCode' in entry)).toEqual([]);
    const events = hostile.map(read);
    expect(events.filter((event) => event.valid)).toEqual([]);
    expect(new Set(events.map((event) => !event.valid && event.tenant))).toEqual(new Set(['mvno-aurora']));
    expect(new Set(hostile.map(({ detail }) => sessionOf(detail))).size).toBe(hostile.length);
    expect(events.map((event) => !event.valid && sessionOf(event.original))).toEqual(hostile.map(({ detail }) => sessionOf(detail)));
  });
});
