import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type InvalidEvent, parseEvent, type ValidEvent } from '../../src/ingest/parse-event.ts';
import { DOCUMENTED_STATES } from '../../src/schemas/event/notification-type.ts';
import { bodyOf, type EventParts, envelope, type Information, totogiEvent } from '../builders/events.ts';

function valid(event: unknown): ValidEvent {
  const read = parseEvent(typeof event === 'string' ? event : bodyOf(event));
  if (!read.valid) throw new Error(`The event is invalid: ${JSON.stringify(read.faults)}`);
  return read;
}

function invalid(event: unknown): InvalidEvent {
  const read = parseEvent(typeof event === 'string' ? event : bodyOf(event));
  if (read.valid) throw new Error('The event is valid.');
  return read;
}

const faultPaths = (event: unknown) => invalid(event).faults.map(({ path }) => path);

describe('a valid notification', () => {
  test('comes out in one normal form', () => {
    const information = {
      name: 'AllowanceThresholdData',
      state: 'warning80',
      prevstate: 'normal',
      threshold: '214748364',
      notificationfields: '{"a":1}',
    };
    expect(valid(totogiEvent({ account: 42, device: 14155550100, information })).notification).toEqual({
      tenant: 'mvno-example',
      account: '42',
      device: '14155550100',
      type: 'CounterThreshold',
      name: 'AllowanceThresholdData',
      state: 'warning80',
      previousState: 'normal',
      threshold: 214748364,
      session: 'sess-1',
      fields: { a: 1 },
      occurredAt: '2026-05-01T08:00:00.000Z',
    });
  });

  test.each(Object.entries(DOCUMENTED_STATES))('%s is a type of its own, in the state %s and in any other', (name, state) => {
    expect(valid(totogiEvent({ information: { name, state } })).notification).toMatchObject({ type: name, name, state });
    expect(valid(totogiEvent({ information: { name, state: 'somethingElse' } })).notification.type).toBe(name);
  });

  test.each<[string, Information, string]>([
    ['a threshold', { name: 'Loyalty', threshold: 5 }, 'CounterThreshold'],
    ['a threshold of null', { name: 'Loyalty', threshold: null }, 'CounterThreshold'],
    ['"threshold" in its name, in any case', { name: 'Voice THRESHOLDS' }, 'CounterThreshold'],
    ['a name nobody documented', { name: 'LoyaltyTierReached' }, 'Unrecognised'],
    ['a documented name in another letter case', { name: 'planexpired' }, 'Unrecognised'],
  ])('with %s has its type', (_what, information, type) => {
    expect(valid(totogiEvent({ information: { ...information, state: 's' } })).notification.type).toBe(type);
  });

  test('keeps every key nobody documented, as sent', () => {
    const event = totogiEvent({
      detail: { TraceId: 't-1', planTier: 'top' },
      eventdata: { planTier: 'inner' },
      information: { notificationfields: { Points: 3 } },
    });
    expect(valid(event).notification.fields).toEqual({
      Points: 3,
      TraceId: 't-1',
      'detail.eventdata.planTier': 'inner',
      'detail.planTier': 'top',
    });
  });

  test('takes no unknown key for a documented one of its own fields', () => {
    const information = { name: 'NewPlanActivated', state: 'active', notificationfields: { planid: 'a' } };
    expect(valid(totogiEvent({ detail: { planId: 'b' }, information })).notification.fields).toEqual({ planid: 'a', 'detail.planId': 'b' });
  });

  test('names unknown keys alike whatever their order, dots included', () => {
    const first = valid(totogiEvent({ detail: { x: 1, 'com.totogi.version': '2' }, eventdata: { x: 2 } }));
    const second = valid(totogiEvent({ eventdata: { x: 2 }, detail: { 'com.totogi.version': '2', x: 1 } }));
    expect(first.notification.fields).toEqual({ 'com.totogi.version': '2', 'detail.x': 1, 'detail.eventdata.x': 2 });
    expect(second.id).toBe(first.id);
  });

  test('has its documented fields spelled one way', () => {
    const rollover = {
      name: 'PlanRollover',
      state: 'rolloverOccured',
      notificationfields: { RolloverAmount: '5', rolloverGracePeriod: '30d', Extra: 1 },
    };
    expect(valid(totogiEvent({ information: rollover })).notification.fields).toEqual({
      rolloveramount: 5,
      rollovergraceperiod: '30d',
      Extra: 1,
    });
    const structure = { ...rollover, notificationfields: { rolloveramount: { data: 1, voice: [2] } } };
    expect(valid(totogiEvent({ information: structure })).notification.fields).toEqual({ rolloveramount: { data: 1, voice: [2] } });
    const plan = { name: 'NewPlanActivated', state: 'active', notificationfields: { planId: 7 } };
    expect(valid(totogiEvent({ information: plan })).notification.fields).toEqual({ planid: '7' });
  });

  test('has the same id in every spelling and envelope', () => {
    const first = valid(totogiEvent({ account: '7', information: { threshold: 5, prevstate: 'a' } })).id;
    const capital = {
      notificationInformation: { NAME: 'PlanExpired', State: 'expired', PrevState: 'a', Threshold: '5' },
      notificationinformation: undefined,
    };
    expect(valid(totogiEvent({ account: 7, eventdata: capital })).id).toBe(first);
    const otherEnvelope = { id: 'another', time: '2026-06-01T00:00:00Z', source: 'x', 'detail-type': 'y', 'replay-name': 'r' };
    expect(valid(totogiEvent({ account: '7', information: { threshold: 5, prevstate: 'a' }, envelope: otherEnvelope })).id).toBe(first);
    expect(
      valid(totogiEvent({ account: '7', invokedAt: '2026-05-01T10:00:00+02:00', information: { threshold: 5, prevstate: 'a' } })).id,
    ).toBe(first);
  });

  test('takes the time of its envelope when it brings none, and is then another notification in a new one', () => {
    const event = valid(totogiEvent({ invokedAt: undefined }));
    expect(event.notification.occurredAt).toBe('2026-05-01T08:00:01.000Z');
    expect(valid(totogiEvent({ invokedAt: null, envelope: { time: '2026-05-01T09:00:00Z' } })).id).not.toBe(event.id);
  });

  test('is read in the flat shape of 2022', () => {
    const sk = 1777622400123456000;
    const detail = {
      provider: 'mvno-example',
      account: 'a',
      device: 'd',
      counter: 'AllowanceThresholdVoice',
      state: 'low',
      prevState: 'normal',
    };
    const read = valid(envelope({ ...detail, threshold: 600, session: 's', sk, custom: '{}', day: '1', month: '5', year: '2026' }));
    expect(read.notification).toMatchObject({
      type: 'CounterThreshold',
      name: 'AllowanceThresholdVoice',
      previousState: 'normal',
      threshold: 600,
    });
    expect(read.notification).toMatchObject({ fields: { custom: '{}' }, occurredAt: '2026-05-01T08:00:00.123Z' });
    expect(JSON.parse(read.original ?? '')).toMatchObject({ sk });
  });

  test.each<[string, EventParts, boolean]>([
    ['the normal form says it all', {}, false],
    ['the date is not that of the occurrence', { detail: { day: '2' } }, true],
    ['the date is no date', { detail: { year: { toString: 1 } } }, true],
    ['the time was finer than a millisecond', { invokedAt: '2026-05-01T08:00:00.0001Z' }, true],
    ['a threshold had more digits than a double', { information: { threshold: '9007199254740993' } }, true],
  ])('keeps its original only where something is lost: %s', (_what, parts, kept) => {
    expect(valid(totogiEvent(parts)).original !== undefined).toBe(kept);
  });

  test('keeps every digit of a number that a double cannot hold', () => {
    const body = bodyOf(totogiEvent({ information: { notificationfields: { serial: 1 } } })).replace(
      '"serial":1',
      '"serial":12345678901234567890',
    );
    expect(valid(body).original).toContain('"serial":12345678901234567890');
  });
});

describe('a time', () => {
  const expected = '2026-05-01T08:00:00.123Z';
  test.each([
    ['ISO 8601 in UTC', '2026-05-01T08:00:00.123Z'],
    ['with an offset', '2026-05-01T10:30:00.123+02:30'],
    ['with a short offset', '2026-05-01T06:00:00.123-02'],
    ['in basic form', '20260501T080000.123Z'],
    ['with more digits, to the nearest millisecond', '2026-05-01T08:00:00.1228Z'],
    ['in milliseconds', 1777622400123],
    ['in milliseconds as text', '1777622400123'],
    ['in seconds with a fraction', 1777622400.123],
    ['in microseconds', 1777622400123400],
    ['in nanoseconds', 1777622400123400000],
  ])('is read %s', (_what, invokedAt) => {
    expect(valid(totogiEvent({ invokedAt })).notification.occurredAt).toBe(expected);
  });

  test.each(['2028-02-29T08:00:00.000Z', '2000-02-29T23:59:59.999Z'])('on the last day of a leap February is one: %s', (invokedAt) => {
    expect(valid(totogiEvent({ invokedAt })).notification.occurredAt).toBe(invokedAt);
  });

  test('is read in whole seconds', () => {
    expect(valid(totogiEvent({ invokedAt: 1777622400 })).notification.occurredAt).toBe('2026-05-01T08:00:00.000Z');
  });

  test.each([
    'yesterday',
    '2026-05-01',
    '2026-05-01T08:00:00',
    '2026-02-30T08:00:00Z',
    '2026-02-29T08:00:00Z',
    '2026-04-31T08:00:00Z',
    '2026-00-01T08:00:00Z',
    '2026-13-01T08:00:00Z',
    '2026-05-00T08:00:00.000Z',
    '2026-05-01T24:00:00.000Z',
    '2026-05-01T08:00:00+24:00',
    '2026-05-01T25:00:00Z',
    '1999-12-31T23:59:59Z',
    '2100-01-01T00:00:01Z',
    12,
    -1777622400,
    0,
    true,
    {},
  ])('that is present and is none is a fault: %j', (invokedAt) => {
    expect(faultPaths(totogiEvent({ invokedAt }))).toEqual(['detail.invocationtimestamp']);
  });

  test('of the envelope that is none is a fault when the detail brings none', () => {
    expect(faultPaths(totogiEvent({ invokedAt: undefined, envelope: { time: 'soon' } }))).toEqual(['time']);
  });
});

describe('an invalid event', () => {
  test.each<[string, EventParts, string]>([
    ['no tenant', { tenant: undefined }, 'detail.providerid'],
    ['a tenant that is no name', { tenant: 'a b' }, 'detail.providerid'],
    ['a tenant that is too long', { tenant: 'x'.repeat(65) }, 'detail.providerid'],
    ['no account', { account: undefined }, 'detail.eventdata.accountid'],
    ['an empty account', { account: '' }, 'detail.eventdata.accountid'],
    ['an account with "#"', { account: 'a#b' }, 'detail.eventdata.accountid'],
    ['an account that is no safe integer', { account: 2 ** 53 }, 'detail.eventdata.accountid'],
    ['an account longer than a key may be', { account: 'é'.repeat(513) }, 'detail.eventdata.accountid'],
    ['a device with "#"', { device: 'a#b' }, 'detail.eventdata.deviceid'],
    ['a device that is a list', { device: [] }, 'detail.eventdata.deviceid'],
    ['a session that is an object', { session: {} }, 'detail.eventdata.charginginformation.chargingsessionidentifier'],
    ['no name', { information: { name: undefined } }, 'detail.eventdata.notificationinformation.name'],
    ['an empty state', { information: { state: '' } }, 'detail.eventdata.notificationinformation.state'],
    ['a state that is a number', { information: { state: 7 } }, 'detail.eventdata.notificationinformation.state'],
    ['a threshold that is no number', { information: { threshold: 'much' } }, 'detail.eventdata.notificationinformation.threshold'],
    ['fields that are a list', { information: { notificationfields: [] } }, 'detail.eventdata.notificationinformation.notificationfields'],
    [
      'fields that are no JSON',
      { information: { notificationfields: '{' } },
      'detail.eventdata.notificationinformation.notificationfields',
    ],
    ['no notification information', { eventdata: { notificationinformation: undefined } }, 'detail.eventdata.notificationinformation'],
    ['no event data', { detail: { eventdata: undefined } }, 'detail.eventdata'],
    ['event data that is text', { detail: { eventdata: 'x' } }, 'detail.eventdata'],
    ['one key twice with two values', { eventdata: { accountId: 'other' } }, 'detail.eventdata.accountid'],
    ['broken Unicode', { account: '\ud800' }, 'detail.eventdata.accountid'],
    [
      'broken Unicode in a field',
      { information: { notificationfields: { a: ['\ud83d'] } } },
      'detail.eventdata.notificationinformation.notificationfields.a.0',
    ],
    ['broken Unicode in a key', { eventdata: { 'x\ud83d': 1 } }, 'detail.eventdata'],
    ['a key that is no plain one', { detail: Object.fromEntries([['__proto__', 1]]) }, 'detail'],
    [
      'one documented field twice with two values',
      { information: { name: 'NewPlanActivated', notificationfields: { planid: 'a', planId: 'b' } } },
      'detail.eventdata.notificationinformation.notificationfields.planid',
    ],
    [
      'an unknown key whose only free name is taken',
      { detail: { x: 1 }, eventdata: { x: 2 }, information: { notificationfields: { 'detail.x': 3 } } },
      'detail.x',
    ],
  ])('with %s names the place', (_what, parts, path) => {
    const event = bodyOf(totogiEvent(parts));
    expect(invalid(event).faults.map((fault) => fault.path)).toEqual([path]);
  });

  test.each([
    ['a number that no double holds', '1e400'],
    ['nesting without end', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['a key that is no plain one', '{"__proto__": 1}'],
    ['nesting without end inside JSON text', JSON.stringify(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)],
  ])('with %s in its fields is invalid, keeps its words and throws nothing', (_what, json) => {
    const body = bodyOf(totogiEvent({ information: { notificationfields: '@@' } })).replace('"@@"', json);
    const read = invalid(body);
    expect(read).toMatchObject({ tenant: 'mvno-example', faults: [{ expected: expect.not.stringContaining('Invalid') }] });
    expect(read.original.length).toBeGreaterThan(json.length / 2);
  });

  test('lists every fault with what was expected and the kind of what was found, never its value', () => {
    const event = totogiEvent({
      tenant: 5.5,
      account: null,
      invokedAt: 'secret-time',
      information: { name: 'secret-name', state: ['secret-state'] },
    });
    const { faults } = invalid(event);
    expect(faults.map(({ path }) => path).toSorted()).toEqual([
      'detail.eventdata.accountid',
      'detail.eventdata.notificationinformation.state',
      'detail.invocationtimestamp',
      'detail.providerid',
    ]);
    expect(faults.every(({ expected, received }) => expected !== '' && received !== '')).toBe(true);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });

  test.each([
    ['no JSON', 'hello', 'text that is no JSON'],
    ['no object', '[]', 'list'],
    ['no detail', '{}', 'nothing'],
    ['a detail that is text', '{"detail":"x"}', 'text'],
  ])('with %s keeps its own words', (_what, body, received) => {
    const read = invalid(body);
    expect(read).toMatchObject({ tenant: undefined, original: body });
    expect(read.faults[0]?.received).toBe(received);
  });

  test('that cannot be kept is the same in every envelope', () => {
    const broken = totogiEvent({ information: { notificationfields: { a: '\ud83d' } } });
    expect(invalid({ ...broken, id: 'another' }).original).toBe(invalid(broken).original);
  });

  test('keeps the tenant and the time it does have', () => {
    const envelope = { time: Date.UTC(2026, 4, 1, 8, 0, 1) };
    expect(invalid(totogiEvent({ account: undefined }))).toMatchObject({ tenant: 'mvno-example', envelope });
  });
});

const samples = new URL('../../../shared/events/', import.meta.url);
const areBeside = existsSync(samples);
// A table without a row would leave no trace of what was skipped.
const sampleFiles = areBeside ? readdirSync(samples).filter((file) => file.endsWith('.json')) : ['each of them'];

describe.skipIf(!areBeside)('the reference samples (skipped where they are not beside the project)', () => {
  test.each(sampleFiles)('%s is what its name says', (file) => {
    const read = parseEvent(readFileSync(new URL(file, samples), 'utf8'));
    expect(read.valid).toBe(!file.startsWith('invalid-'));
    if (file === 'unrecognised-name.json' && read.valid) expect(read.notification.type).toBe('Unrecognised');
  });
});
