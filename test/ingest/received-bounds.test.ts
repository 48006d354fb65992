import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../src/ingest/parse-event.ts';
import { bodyOf, type EventParts, envelope, totogiEvent } from '../builders/events.ts';

const read = (event: unknown) => parseEvent(typeof event === 'string' ? event : bodyOf(event));

function faultPaths(event: unknown): string[] {
  const received = read(event);
  return received.valid ? [] : received.faults.map(({ path }) => path);
}

const information = 'detail.eventdata.notificationinformation';

describe('an id, a name and a state', () => {
  const parts: [string, (text: string) => EventParts, string][] = [
    ['an account', (account) => ({ account }), 'detail.eventdata.accountid'],
    ['a device', (device) => ({ device }), 'detail.eventdata.deviceid'],
    ['a name', (name) => ({ information: { name } }), `${information}.name`],
    ['a state', (state) => ({ information: { state } }), `${information}.state`],
    ['a previous state', (prevstate) => ({ information: { prevstate } }), `${information}.prevstate`],
  ];

  test.each(parts)('%s has at most 256 bytes', (_what, part, path) => {
    for (const text of ['x'.repeat(256), 'é'.repeat(128)]) expect(faultPaths(totogiEvent(part(text)))).toEqual([]);
    for (const text of ['x'.repeat(257), `${'é'.repeat(128)}x`]) expect(faultPaths(totogiEvent(part(text)))).toEqual([path]);
  });

  test('a session has at most 1,024 bytes', () => {
    expect(faultPaths(totogiEvent({ session: 'x'.repeat(1_024) }))).toEqual([]);
    expect(faultPaths(totogiEvent({ session: 'x'.repeat(1_025) }))).toHaveLength(1);
  });

  test.each(['a/b', 'a\\b', '/', 'a#b'])('an account or a device is none with a separator of keys or paths: %s', (id) => {
    expect(faultPaths(totogiEvent({ account: id }))).toEqual(['detail.eventdata.accountid']);
    expect(faultPaths(totogiEvent({ device: id }))).toEqual(['detail.eventdata.deviceid']);
    expect(faultPaths(totogiEvent({ information: { name: id === 'a#b' ? 'x' : id } }))).toEqual([]);
  });
});

describe('a key that is there twice', () => {
  const body = bodyOf(totogiEvent({ information: { notificationfields: { points: 1, inner: { a: 1 } } } }));
  const twice = (from: string, to: string) => body.replace(from, () => to);

  test.each([
    ['in the detail', twice('"day":"1"', '"day":"1","day":"1"'), 'detail.day'],
    ['spelled with escapes', twice('"points":1', String.raw`"points":1,"p\u006fints":1`), `${information}.notificationfields.points`],
    ['further in', twice('"a":1', '"a":1,"a":2'), `${information}.notificationfields.inner.a`],
    ['in an object of a list', twice('"a":1', '"a":[{"b":1,"b":1}]'), `${information}.notificationfields.inner.a.b`],
    ['in the envelope', twice('"version":"0"', '"version":"0","version":"0"'), 'version'],
  ])('%s is a fault that names it', (_where, event, path) => {
    expect(faultPaths(event)).toEqual([path]);
    expect(read(event)).toMatchObject({ valid: false, tenant: 'mvno-example' });
  });

  test('in JSON text is one too', () => {
    const event = totogiEvent({ information: { notificationfields: '{"a":1,"\\u0061":2}' } });
    expect(faultPaths(event)).toEqual([`${information}.notificationfields.a`]);
  });

  test.each([
    ['plainly', '"providerid":"mvno-example","providerid":"mvno-other"'],
    ['with escapes', String.raw`"providerid":"mvno-example","provideri\u0064":"mvno-other"`],
    ['in two letter cases', '"providerid":"mvno-example","providerId":"mvno-other"'],
  ])('and says the tenant is nobody’s event: %s', (_how, members) => {
    const received = read(twice('"providerid":"mvno-example"', members));
    expect(received.valid).toBe(false);
    expect(received).not.toMatchObject({ tenant: 'mvno-other' });
  });

  test('in two lists, or in two objects, is no fault', () => {
    expect(faultPaths(totogiEvent({ information: { notificationfields: { list: [{ a: 1 }, { a: 1 }], a: { a: 1 } } } }))).toEqual([]);
  });
});

describe('what is more than is looked at', () => {
  const fields = (json: string) => bodyOf(totogiEvent({ information: { notificationfields: '@@' } })).replace('"@@"', () => json);
  const text = (json: string) => fields(JSON.stringify(json));
  const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(',')}}`;
  const values = (count: number) => `{"a":[${Array.from({ length: count }, () => '0').join(',')}]}`;
  const deep = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test.each([
    ['levels', deep(60), deep(120)],
    ['keys', keys(9_900), keys(10_001)],
    ['values', values(49_000), values(50_001)],
    ['lists', values(10), `{"a":[${Array.from({ length: 50_000 }, () => '[]').join(',')}]}`],
    ['numbers beyond a double', `{"a":[${'0.1234567890123456789,'.repeat(900)}0]}`, `{"a":[${'0.1234567890123456789,'.repeat(1_100)}0]}`],
  ])('is refused, of an event and of JSON text in it, and its tenant and time are known: %s', (_what, few, many) => {
    for (const wrap of [fields, text]) {
      expect(faultPaths(wrap(few))).toEqual([]);
      const received = read(wrap(many));
      expect(received).toMatchObject({ valid: false, tenant: 'mvno-example', envelope: { time: Date.UTC(2026, 4, 1, 8, 0, 1) } });
      expect(received.valid ? '' : received.original.replaceAll('\\', '').includes(many)).toBe(true);
    }
  });

  test.each([
    ['the flat shape', { provider: 'mvno-flat', counter: 'x' }, 'mvno-flat'],
    ['no shape', { tenant: 'mvno-none' }, undefined],
    ['a tenant that is said twice', { providerid: 'mvno-one', ProviderId: 'mvno-two' }, undefined],
    ['a tenant that is no name', { providerid: 'a b' }, undefined],
    ['a tenant that is a number', { providerid: 77 }, '77'],
    ['a tenant further in', { eventdata: { providerid: 'mvno-inner' } }, undefined],
  ])('is of the tenant that its text names plainly: %s', (_what, members, tenant) => {
    const body = bodyOf(envelope({ ...members, much: '@@' })).replace('"@@"', () => '['.repeat(200) + ']'.repeat(200));
    expect(read(body)).toMatchObject({ valid: false, tenant });
  });
});

describe('digits that a double does not hold', () => {
  test.each([
    ['a threshold', { information: { threshold: '@@' } }],
    ['a field', { information: { notificationfields: { serial: '@@' } } }],
    ['an unknown key', { detail: { serial: '@@' } }],
  ])('of %s make two events of two numbers, and the original is kept', (_where, parts) => {
    const withNumber = (number: string) => read(bodyOf(totogiEvent(parts)).replace('"@@"', number));
    const [one, other] = [withNumber('9007199254740993'), withNumber('9007199254740992')];
    if (!one.valid || !other.valid) throw new Error('An event is invalid.');
    expect(one.id).not.toBe(other.id);
    expect(one.original).toContain('9007199254740993');
    expect(other.original).toBeUndefined();
  });

  test.each(['1e-400', '12345.00000000000000000001', '9007199254740993', '12345678901234567890123'])(
    'of a tenant, an account or a device make it no id: %s',
    (number) => {
      const id = 'id-to-be-a-number';
      const parts: [EventParts, string][] = [
        [{ tenant: id }, 'detail.providerid'],
        [{ account: id }, 'detail.eventdata.accountid'],
        [{ device: id }, 'detail.eventdata.deviceid'],
      ];
      for (const [part, path] of parts) {
        const received = read(bodyOf(totogiEvent(part)).replace(`"${id}"`, number));
        expect(received.valid ? [] : received.faults.map((fault) => fault.path)).toEqual([path]);
        if (!received.valid && part.tenant) expect(received.tenant).toBeUndefined();
      }
    },
  );

  test('an amount above 1e15 is itself', () => {
    const amount = read(
      totogiEvent({
        information: { name: 'PlanRollover', state: 'rolloverOccured', notificationfields: { rolloveramount: '1234567890123456' } },
      }),
    );
    expect(amount).toMatchObject({ valid: true, original: undefined, notification: { fields: { rolloveramount: 1_234_567_890_123_456 } } });
  });
});
