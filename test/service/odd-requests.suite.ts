import { beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/schemas/api/route.ts';
import { ROUTES } from '../../src/schemas/api/routes.ts';
import { totogiEvent } from '../builders/events.ts';
import { type OddRequest, oddRequests } from '../builders/odd-requests.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-odd';
const ACCOUNT = 'acc-odd';
const REQUESTS_PER_ROUTE = 60;
const AT_ONCE = 4;
/** A machine that is at its limit may say 503, once and again; a request that always gets it has found something. */
const MAX_TRIES = 4;
/** More digits than a double holds. */
const DIGITS = '123456789012345678901234.5000000000000000000001';

const tokens = new Map<string, string>();
const events: Record<string, unknown>[] = [];
let quarantined = '';

beforeAll(async () => {
  for (const tenant of [TENANT, '-']) {
    const reply = await fetch(`${service.apiUrl}/local/token`, { method: 'POST', body: JSON.stringify({ tenant }) });
    tokens.set(tenant, String(((await reply.json()) as { token: string }).token));
  }
  const requests = [
    { device: 'dev-1', information: { name: 'PlanExpired', state: 'expired' } },
    { device: 'dev-2', information: { name: 'OutOfCredit', state: 'outOfCredit', threshold: 0 } },
    { device: 'dev-3', information: { name: 'Data, Voice', state: 'low', threshold: 1 } },
  ];
  const details = requests.map((parts, index) =>
    JSON.stringify(totogiEvent({ tenant: TENANT, account: ACCOUNT, ...at(index), ...parts }).detail),
  );
  const long = totogiEvent({
    tenant: TENANT,
    account: 'acc-digits',
    ...at(5),
    information: { name: 'Data', state: 'low', threshold: 12345 },
  });
  details.push(JSON.stringify(long.detail).replace('12345', DIGITS));
  details.push(JSON.stringify(totogiEvent({ tenant: TENANT, account: undefined, ...at(6) }).detail));
  await service.put(details.map((Detail) => ({ Source: 'totogi.charging', DetailType: 'Notification', Detail })));
  const recorded = await service.settled(
    () => service.list(TENANT, '/events'),
    ({ length }) => length === requests.length + 1,
  );
  events.push(...recorded);
  quarantined = String((await service.list(TENANT, '/quarantine'))[0]?.id);
}, 120_000);

const at = (index: number) => ({ invokedAt: new Date(Date.now() - (index + 1) * 60_000).toISOString() });
const ask = (tenant: string, path: string, init: RequestInit = {}) =>
  fetch(`${service.apiUrl}${path}`, { ...init, headers: { authorization: `Bearer ${tokens.get(tenant)}`, ...init.headers } });
const asked = async (path: string, init?: RequestInit) => {
  const reply = await ask(TENANT, `/v1/tenants/${TENANT}${path}`, init);
  return {
    status: reply.status,
    body: (await reply.json()) as { data: Record<string, unknown>[]; errors: Record<string, string>[]; detail: string },
  };
};
const putProfile = (body: string) =>
  asked('/accounts/acc-put/profile', { method: 'PUT', headers: { 'content-type': 'application/json' }, body });

describe.each(Object.entries(ROUTES) as [string, Route][])('%s', (name, route) => {
  test.each([TENANT, '-'])('answers odd requests of the tenant %s, and fails on none', async (tenant) => {
    const eventId = String(events[0]?.id);
    const known = { tenant, account: ACCOUNT, eventId, offerId: eventId, id: quarantined, queue: 'workflows', offer: 'come-back-month' };
    const requests = [...oddRequests(route, known, { seed: `${name} ${tenant}`, count: REQUESTS_PER_ROUTE / 2 })];
    const failed: (OddRequest & { status: number })[] = [];
    for (let start = 0; start < requests.length; start += AT_ONCE) {
      const answers = await Promise.all(
        requests.slice(start, start + AT_ONCE).map(async (one) => ({ ...one, status: await statusOf(tenant, one) })),
      );
      failed.push(...answers.filter(({ status }) => status >= 500));
    }
    expect(failed).toEqual([]);
  });
});

async function statusOf(tenant: string, { path, ...init }: OddRequest): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const reply = await ask(tenant, path, init);
    await reply.arrayBuffer();
    if (reply.status !== 503 || tries === MAX_TRIES) return reply.status;
  }
}

describe('a list', () => {
  test.each([
    ['type=PlanExpired&type=OutOfCredit', ['OutOfCredit', 'PlanExpired']],
    ['device=dev-1&device=dev-3', ['CounterThreshold', 'PlanExpired']],
    ['state=low&state=expired&account=acc-odd', ['CounterThreshold', 'PlanExpired']],
    ['name=Data%2C+Voice&name=OutOfCredit', ['CounterThreshold', 'OutOfCredit']],
    ['account=acc-odd&account=acc-digits', ['CounterThreshold', 'CounterThreshold', 'OutOfCredit', 'PlanExpired']],
    ['type=OutOfCredit&type=OutOfCredit', ['OutOfCredit']],
    ['type=PlanExpired&type=OutOfCredit&device=dev-1&device=dev-3', ['PlanExpired']],
  ])('of %s is of either', async (query, types) => {
    const { status, body } = await asked(`/events?${query}`);
    expect(status).toBe(200);
    expect(body.data.map(({ type }) => type).toSorted()).toEqual(types);
  });

  test.each([
    ['from=9999-12-31T23%3A59%3A59.999Z', 200],
    ['to=9999-12-31T23%3A59%3A59.999Z', 200],
    ['to=9999-12-31T23%3A59%3A59.9999Z', 200],
    ['from=9999-12-31T23%3A59%3A59-23%3A59', 200],
    ['from=0001-01-01T00%3A00%3A00Z&to=9999-12-31T23%3A59%3A59.999Z', 200],
    ['from=1970-01-01T00%3A00%3A00%2B14%3A00', 200],
    ['to=%2B010000-01-01T00%3A00%3A00Z', 400],
  ])('of %s is answered, not a fault of ours', async (query, expected) => {
    for (const list of ['/events', `/accounts/${ACCOUNT}/events`, `/accounts/${ACCOUNT}/timeline`, '/quarantine', '/failed-activations']) {
      for (const order of ['asc', 'desc'])
        expect({ list, ...(await asked(`${list}?${query}&order=${order}`)) }).toMatchObject({ list, status: expected });
    }
  });
});

test.each(['1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59-23:59', '0001-01-01T00:00:00Z'])(
  'the time %s is taken or refused in bodies and figures too',
  async (time) => {
    const json = { 'content-type': 'application/json' };
    const consents = { marketing: { sms: { given: true, source: 'x', at: time } } };
    const replies = [
      await asked('/replays', { method: 'POST', headers: json, body: JSON.stringify({ from: time, to: time }) }),
      await asked('/replays', { method: 'POST', headers: json, body: JSON.stringify({ from: '2026-01-01T00:00:00Z', to: time }) }),
      await asked('/accounts/acc-time/profile', { method: 'PUT', headers: json, body: JSON.stringify({ consents }) }),
      await asked(`/offers/come-back-month/performance?from=${encodeURIComponent(time)}&to=${encodeURIComponent(time)}`),
    ];
    for (const { status } of replies) expect([200, 202, 400, 404]).toContain(status);
  },
);

test('an event whose digits a double does not hold is shown as it was sent, in lists and by itself', async () => {
  const [listed] = (await asked('/accounts/acc-digits/events')).body.data;
  expect(listed?.original).toContain(`"threshold":${DIGITS}`);
  const alone = await service.read(TENANT, `/accounts/acc-digits/events/${String(listed?.id)}`);
  expect(alone.original).toBe(listed?.original);
});

test('a reply names the first twenty of many errors, and how many more there are', async () => {
  const many = Array.from({ length: 33 }, (_, index) => `odd-${index}`);
  const query = await asked(`/events?${many.map((name) => `${name}=1`).join('&')}`);
  expect({ status: query.status, errors: query.body.errors.length }).toEqual({ status: 400, errors: 20 });
  expect(query.body.detail).toMatch(/and 13 more$/);
  const body = await putProfile(JSON.stringify(Object.fromEntries(many.map((name) => [name, 1]))));
  expect({ status: body.status, errors: body.body.errors.length }).toEqual({ status: 400, errors: 20 });
  expect(body.body.detail).toMatch(/and 13 more$/);
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'sim\u200b'])(
  'a profile with the device %j is refused',
  async (device) => {
    const { status, body } = await putProfile(`{"devices":{${JSON.stringify(device)}:{"language":"es"}}}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ pointer: expect.stringMatching(/^\/devices/) }]);
    expect((await asked('/accounts/acc-put/profile')).status).toBe(404);
  },
);
