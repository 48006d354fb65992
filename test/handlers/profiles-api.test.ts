import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handlers/profiles-api.ts';
import { putOnce, readItem, readRange } from '../../src/platform/table.ts';
import { setConsent } from '../../src/profiles/consents.ts';
import { phoneHash, removeLookup, writeLookup, writeTextedLookup } from '../../src/profiles/phone-lookups.ts';
import { listProfileChanges } from '../../src/profiles/profile-history.ts';
import { accountsOfPhone, findProfile, putProfile } from '../../src/profiles/profile-records.ts';
import { routeKey } from '../../src/schemas/api/route.ts';
import { ROUTES, type RouteOf } from '../../src/schemas/api/routes.ts';
import { accountPartition, messageKey, phoneLookupKey } from '../../src/schemas/keys.ts';
import type { MessageRecord } from '../../src/schemas/message/message.ts';
import { lambdaContext, loggedLines } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const START = Date.UTC(2026, 4, 1, 8);
const HOUR = 3_600_000;
const TENANT = 'mvno-example';

let database: TestTable;
let handler: ReturnType<typeof createHandler>;
let now = START;

beforeAll(async () => {
  database = await openTestTable();
  handler = createHandler({ tables: () => database.table, now: () => now });
});
afterAll(() => database.close());

type Sent = { account?: string; body?: unknown; type?: string; claims?: Record<string, unknown>; base64?: boolean };
type Reply = { status: number; type: string | undefined; body: Record<string, unknown> | undefined; lines: string };

async function call(name: RouteOf<'profiles-api'>, sent: Sent = {}): Promise<Reply> {
  const { account = 'acc-1', body, type = 'application/json', claims = { tenant: TENANT, client_id: 'crm' }, base64 = false } = sent;
  const route = ROUTES[name];
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const event = {
    routeKey: routeKey(route),
    rawPath: route.path,
    pathParameters: { tenant: TENANT, account },
    headers: { 'Content-Type': type },
    requestContext: { http: { method: route.method, path: route.path }, authorizer: { jwt: { claims } } },
    body: base64 && text !== undefined ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: base64,
  } as unknown as APIGatewayProxyEventV2 & { requestContext: { authorizer: { jwt: { claims: Record<string, unknown> } } } };
  const { result, lines } = await loggedLines(() => handler(event, lambdaContext()));
  return {
    status: result.statusCode ?? 0,
    type: result.headers?.['content-type'] as string | undefined,
    body: result.body === undefined ? undefined : JSON.parse(result.body),
    lines: JSON.stringify(lines),
  };
}

const put = (account: string, body: unknown) => call('putProfile', { account, body });
const changes = (account: string) => listProfileChanges(database.table, { tenant: TENANT, account });
const consent = (given: boolean, milliseconds: number, source = 'web-form') => ({
  given,
  source,
  at: new Date(START + milliseconds).toISOString(),
});

const ADA = {
  name: 'Ada',
  phone: '+14155550101',
  email: 'ada@example.com',
  language: 'es',
  country: 'US',
  region: 'CA',
  timeZone: 'America/Los_Angeles',
  devices: { '14155550199': { phone: '+14155550199' } },
  consents: { marketing: { sms: consent(true, -HOUR) } },
};

describe('a profile', () => {
  test('is answered as it was put, and as it stands', async () => {
    expect((await call('getProfile', { account: 'acc-put' })).status).toBe(404);
    expect(await put('acc-put', ADA)).toMatchObject({ status: 200, type: 'application/json', body: ADA });
    expect((await call('getProfile', { account: 'acc-put' })).body).toEqual(ADA);
    expect(await changes('acc-put')).toEqual([
      {
        version: 1,
        change: 'created',
        at: new Date(START).toISOString(),
        source: 'api',
        by: 'crm',
        fields: expect.arrayContaining(['name', 'phone', 'devices', 'consents']),
        consents: [{ class: 'marketing', channel: 'sms', ...consent(true, -HOUR) }],
      },
    ]);
  });

  test('is replaced as a whole, but for consents', async () => {
    await put('acc-replaced', ADA);
    const { body } = await put('acc-replaced', { email: 'new@example.com' });
    expect(body).toEqual({ email: 'new@example.com', consents: ADA.consents });
    const [, second] = await changes('acc-replaced');
    expect(second?.fields.toSorted()).toEqual(['country', 'devices', 'email', 'language', 'name', 'phone', 'region', 'timeZone']);
    expect(JSON.stringify(await changes('acc-replaced'))).not.toMatch(/Ada|4155550|example\.com/);
  });

  test('that was taken before a rule was narrowed is still told as it stands', async () => {
    const before = {
      email: `${'a'.repeat(70)}@example.com`,
      country: 'UK',
      timeZone: 'UTC',
      devices: { 'dev-1': { email: 'a..b@example.com' } },
    };
    await putProfile(database.table, { tenant: TENANT, account: 'acc-before' }, before, { source: 'import', at: START });
    expect(await call('getProfile', { account: 'acc-before' })).toMatchObject({ status: 200, body: before });
  });

  test('that is put again as it stands changes nothing', async () => {
    await put('acc-again', ADA);
    now += HOUR;
    expect((await put('acc-again', { ...ADA, devices: { ...ADA.devices, empty: {} } })).body).toEqual(ADA);
    now -= HOUR;
    expect(await changes('acc-again')).toHaveLength(1);
  });

  test('keeps a withdrawal that was said later than what is put', async () => {
    const withdrawn = { marketing: { sms: consent(false, 0, 'sms-stop') } };
    await put('acc-withdrawn', { ...ADA, consents: withdrawn });
    for (const consents of [undefined, {}, ADA.consents, { marketing: { sms: consent(true, 0) } }])
      expect((await put('acc-withdrawn', { ...ADA, consents })).body?.consents).toEqual(withdrawn);
    const again = { marketing: { sms: { ...consent(true, 1), at: '2026-05-01T10:00:00.001+02:00' } } };
    expect((await put('acc-withdrawn', { ...ADA, consents: again })).body?.consents).toEqual({ marketing: { sms: consent(true, 1) } });
    expect((await changes('acc-withdrawn')).map(({ consents }) => consents.map(({ given }) => given))).toEqual([[false], [true]]);
  });

  test('changed by many at once loses no change', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, (_, index) => put('acc-busy', { phone: `+1415555010${index}` })));
    expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const kept = await changes('acc-busy');
    expect(kept.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const { phone } = (await findProfile(database.table, TENANT, 'acc-busy')) ?? {};
    const found = await Promise.all(Array.from({ length: 8 }, (_, index) => accountsOfPhone(database.table, `+1415555010${index}`)));
    const mine = found.map((owners, index) => (owners.some(({ account }) => account === 'acc-busy') ? `+1415555010${index}` : ''));
    expect(mine.filter((number) => number !== '')).toEqual([phone]);
  });
});

describe('a number', () => {
  test('finds every account that has it, on the account or a device, as long as it does', async () => {
    const number = '+442079460000';
    await put('acc-one', { phone: number });
    await put('acc-two', { devices: { d: { phone: number } } });
    const both = [
      { tenant: TENANT, account: 'acc-one' },
      { tenant: TENANT, account: 'acc-two' },
    ];
    expect(await accountsOfPhone(database.table, number)).toEqual(both);
    await put('acc-one', { phone: '+442079460001' });
    expect(await accountsOfPhone(database.table, number)).toEqual(both.slice(1));
    expect((await lookups(number)).map(({ sk }) => sk)).toEqual([accountPartition(TENANT, 'acc-two')]);
  });

  test('finds no account whose lookup has outlived the number, and keeps a lookup that a later change wrote', async () => {
    const number = '+442079460002';
    const [hash, partition] = [phoneHash(number), accountPartition(TENANT, 'acc-lookup')];
    await put('acc-lookup', { phone: '+442079460003' });
    await writeLookup(database.table, hash, partition, 5);
    expect(await accountsOfPhone(database.table, number)).toEqual([]);
    await writeLookup(database.table, hash, partition, 4);
    await removeLookup(database.table, hash, partition, 5);
    expect(await lookups(number)).toMatchObject([{ version: 5 }]);
    await removeLookup(database.table, hash, partition, 6);
    expect(await lookups(number)).toEqual([]);
  });

  test('finds an account that was texted at it, until its messages are erased', async () => {
    const owner = { tenant: TENANT, account: 'acc-texted' };
    const [number, mailed] = ['+442079460004', '+442079460005'];
    for (const phone of [number, mailed]) await writeTextedLookup(database.table, phone, owner, START);
    const message = (step: string, channel: string, to: string) =>
      putOnce(database.table, { ...messageKey(TENANT, owner.account, '01KKNTQ0YNPJBSK8RRE6731T96', 'welcome', step), channel, to });
    await message('notice-sms', 'sms', number);
    // An address that looks like a number is none that was texted.
    await message('notice-email', 'email', mailed);
    expect(await accountsOfPhone(database.table, number)).toEqual([owner]);
    await call('deleteProfile', { account: owner.account });
    expect(await accountsOfPhone(database.table, number)).toEqual([]);
    expect(await accountsOfPhone(database.table, mailed)).toEqual([owner]);
  });
});

describe('a deleted profile', () => {
  const message = {
    tenant: TENANT,
    account: 'acc-gone',
    eventId: '01KKNTQ0YNPJBSK8RRE6731T96',
    workflow: 'low-allowance',
    step: 'notice-sms',
    channel: 'sms',
    template: 'low-allowance.sms',
    state: 'delivered',
    owner: 'run',
    to: '+14155550101',
    text: 'Hello Ada',
    subject: 'Ada',
    html: '<p>Ada</p>',
    configuration: 'v-1',
    claimedAt: new Date(START).toISOString(),
  } satisfies MessageRecord;

  test('leaves no personal data behind, and the fact, the withdrawals and the messages on record', async () => {
    const key = messageKey(TENANT, 'acc-gone', message.eventId, message.workflow, message.step);
    await putOnce(database.table, { ...key, ...message });
    const consents = { marketing: { sms: consent(true, -HOUR), email: consent(false, -HOUR) } };
    await put('acc-gone', { ...ADA, consents });
    const reply = await call('deleteProfile', { account: 'acc-gone' });
    expect(reply).toMatchObject({ status: 204, body: undefined, type: undefined });
    expect((await call('getProfile', { account: 'acc-gone' })).status).toBe(404);
    expect(await findProfile(database.table, TENANT, 'acc-gone')).toEqual({ consents: { marketing: { email: consent(false, -HOUR) } } });

    const { items } = await readRange(
      database.table,
      { partition: accountPartition(TENANT, 'acc-gone'), from: '!', to: '~', descending: false },
      100,
    );
    expect(JSON.stringify([items, await lookups(ADA.phone)])).not.toMatch(/Ada|4155550|example\.com/);
    const { to, text, subject, html, ...kept } = message;
    expect(await readItem(database.table, key)).toEqual({ ...key, ...kept });
    expect((await changes('acc-gone')).map(({ change }) => change)).toEqual(['created', 'erased']);
    expect(await accountsOfPhone(database.table, ADA.phone)).not.toContainEqual({ tenant: TENANT, account: 'acc-gone' });
  });

  test('may be deleted again, and what came since is erased too', async () => {
    await call('deleteProfile', { account: 'acc-gone' });
    const late = messageKey(TENANT, 'acc-gone', message.eventId, message.workflow, 'reminder-sms');
    await putOnce(database.table, { ...late, ...message, step: 'reminder-sms' });
    expect((await call('deleteProfile', { account: 'acc-gone' })).status).toBe(204);
    expect(await readItem(database.table, late)).not.toHaveProperty('to');
    expect((await changes('acc-gone')).map(({ change }) => change)).toEqual(['created', 'erased']);
  });

  test('stays deleted when the subscriber says stop or start', async () => {
    const owner = { tenant: TENANT, account: 'acc-gone' };
    const about = { class: 'service' as const, channel: 'sms' as const };
    expect(await setConsent(database.table, owner, { ...about, ...consent(false, 0, 'sms-stop') })).toBe('done');
    expect((await call('getProfile', { account: 'acc-gone' })).status).toBe(404);
    expect(await setConsent(database.table, owner, { ...about, ...consent(true, 1, 'sms-start') })).toBe('done');
    expect((await findProfile(database.table, TENANT, 'acc-gone'))?.consents?.service?.sms).toEqual(consent(true, 1, 'sms-start'));
    expect((await changes('acc-gone')).map(({ change }) => change)).toEqual(['created', 'erased', 'changed', 'changed']);
    await setConsent(database.table, owner, { ...about, ...consent(false, 2, 'sms-stop') });
  });

  test('keeps its withdrawals when the account is put again', async () => {
    const { body } = await put('acc-gone', { phone: ADA.phone, consents: { marketing: { email: consent(true, -2 * HOUR) } } });
    const withdrawn = { service: { sms: consent(false, 2, 'sms-stop') }, marketing: { email: consent(false, -HOUR) } };
    expect(body).toEqual({ phone: ADA.phone, consents: withdrawn });
    expect((await call('getProfile', { account: 'acc-gone' })).body).toEqual(body);
    expect((await changes('acc-gone')).at(-1)).toMatchObject({ version: 6, change: 'created', fields: ['phone'] });
  });

  test('that never was is on record as erased', async () => {
    expect((await call('deleteProfile', { account: 'acc-never' })).status).toBe(204);
    expect(await changes('acc-never')).toMatchObject([{ change: 'erased', fields: [] }]);
  });
});

describe('a body that does not hold', () => {
  test.each<[string, unknown, string, string]>([
    ['a national number', { phone: '4155550101' }, '/phone', 'a phone number in E.164 form'],
    ['no address', { email: 'ada@' }, '/email', 'an email address such as'],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, '/timeZone', 'an IANA time zone'],
    ...['UTC', 'Etc/GMT+5', '+05:30', 'GMT', 'zulu'].map((timeZone): [string, object, string, string] => [
      `a zone of no place, ${timeZone}`,
      { timeZone },
      '/timeZone',
      'of a place',
    ]),
    ...['UK', 'XX', 'EU', 'SU', 'us', 'USA'].map((country): [string, object, string, string] => [
      `a code of no country, ${country}`,
      { country },
      '/country',
      'the ISO 3166 code of a country, such as "US" or "GB"',
    ]),
    ['an unknown field', { phones: [] }, '/phones', 'is an unknown field'],
    ['a number for a name', { name: 7 }, '/name', 'expected text'],
    ['an empty name', { name: '' }, '/name', 'expected at least 1 character(s)'],
    ['a device with a fault', { devices: { 'a/b~c': { phone: 'x' } } }, '/devices/a~1b~0c/phone', 'a phone number'],
    [
      'a consent without a source',
      { consents: { marketing: { sms: { given: true, at: '2026-05-01T00:00:00Z' } } } },
      '/consents/marketing/sms/source',
      'expected text',
    ],
    [
      'a consent without an offset',
      { consents: { service: { sms: { ...consent(true, 0), at: '2026-05-01' } } } },
      '/consents/service/sms/at',
      'a time with an offset',
    ],
    [
      'a consent to regulatory messages',
      { consents: { regulatory: { sms: consent(true, 0) } } },
      '/consents/regulatory',
      'is an unknown field',
    ],
    [
      'a consent of tomorrow',
      { consents: { marketing: { sms: consent(true, 24 * HOUR) } } },
      '/consents/marketing/sms/at',
      'a time that has passed',
    ],
    ['a list', [], '', 'expected an object'],
    ['broken JSON', '{"phone": "+1415555', '', 'expected JSON'],
    ['nothing', undefined, '', 'expected JSON'],
  ])('%s is refused with a problem that names it', async (_what, body, pointer, detail) => {
    const reply = await call('putProfile', { account: 'acc-bad', body });
    expect(reply).toMatchObject({ status: 400, type: 'application/problem+json', body: { status: 400 } });
    expect(reply.body?.errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
    expect((await call('getProfile', { account: 'acc-bad' })).status).toBe(404);
  });

  test('is not read when it is of another content type, or too large', async () => {
    expect(await call('putProfile', { body: {}, type: 'text/plain' })).toMatchObject({
      status: 415,
      body: { title: 'Unsupported Media Type' },
    });
    expect((await call('putProfile', { body: { name: 'a'.repeat(70_000) } })).status).toBe(413);
  });

  test('may come in Base64, with a charset', async () => {
    const sent = { account: 'acc-base64', body: { name: 'Zoë' }, base64: true, type: 'application/json; charset=utf-8' };
    expect((await call('putProfile', sent)).body).toEqual({ name: 'Zoë' });
  });
});

test.each([[{ tenant: 'mvno-other' }], [{}]])('a token with the claims %j opens no profile', async (claims) => {
  for (const name of ['getProfile', 'putProfile', 'deleteProfile'] as const)
    expect(await call(name, { body: ADA, claims })).toMatchObject({ status: 403, type: 'application/problem+json' });
});

async function lookups(number: string) {
  const range = { partition: phoneLookupKey(phoneHash(number), '').pk, from: 'TENANT#', to: 'TENANT#~', descending: false };
  return (await readRange(database.table, range, 100)).items;
}
