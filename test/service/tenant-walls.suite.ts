import { beforeAll, describe, expect, test } from 'vitest';
import { type Route, routeKey } from '../../src/schemas/api/route.ts';
import { ROUTES } from '../../src/schemas/api/routes.ts';
import { totogiEvent } from '../builders/events.ts';
import { type RejectedToken, rejectedTokens } from '../builders/rejected-tokens.ts';
import { service, signingKey } from './shared-service.ts';

/** One name begins as the other does: keys must not. */
const OWN = '1';
const OTHER = '12';
const ACCOUNTS = { [OWN]: 'acc-own', [OTHER]: 'acc-of-the-other' };
/** Stands in every record of the other tenant, and in what tells of it. */
const SECRET = 'of-the-other';

/** All that a token opens. (The demo route is open here, for any tenant: its own test closes it.) */
const routes = (Object.entries(ROUTES) as [string, Route][]).filter(
  ([, { scope, openedBy }]) => scope !== undefined && openedBy === undefined,
);

let token: string;
let refused: RejectedToken[];
let scopes: string[];
const ids: Record<string, string> = {};
const quarantined: Record<string, string> = {};
const replays: Record<string, string> = {};
let otherCursor = '';
let before: unknown;

beforeAll(async () => {
  scopes = [...new Set(routes.flatMap(([, { scope }]) => scope ?? []))];
  for (const tenant of [OWN, OTHER] as const) await fill(tenant, ACCOUNTS[tenant]);
  token = await tokenFor({ tenant: OWN, scopes });
  refused = await rejectedTokens(token, signingKey);
  otherCursor = String((await service.read(OTHER, '/events?limit=1')).next);
  before = await everythingOf(OTHER);
}, 120_000);

async function tokenFor(request: object): Promise<string> {
  const reply = await fetch(`${service.apiUrl}/local/token`, { method: 'POST', body: JSON.stringify(request) });
  return ((await reply.json()) as { token: string }).token;
}

async function fill(tenant: string, account: string): Promise<void> {
  const invokedAt = (index: number) => new Date(Date.now() - index * 60_000).toISOString();
  const information = { name: 'Data Thresholds', state: `warning-${account}`, notificationfields: { about: account } };
  const events = [0, 1, 2].map((index) =>
    totogiEvent({ tenant, account, device: `${account}-device`, invokedAt: invokedAt(index), information }),
  );
  const invalid = totogiEvent({ tenant, account: undefined, information, detail: { about: account } });
  await service.put(
    [...events, invalid].map(({ detail }) => ({ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) })),
  );
  await service.write(tenant, `/accounts/${account}/profile`, { name: `Person ${account}` });
  const [event] = await service.settled(
    () => service.list(tenant, '/events'),
    ({ length }) => length === 3,
  );
  const [row] = await service.settled(
    () => service.list(tenant, '/quarantine'),
    ({ length }) => length === 1,
  );
  ids[tenant] = String(event?.id);
  quarantined[tenant] = String(row?.id);
  const range = { from: invokedAt(3), to: invokedAt(2) };
  replays[tenant] = String((await service.post(tenant, '/replays', range)).body.id);
}

async function everythingOf(tenant: typeof OWN | typeof OTHER): Promise<unknown> {
  const account = ACCOUNTS[tenant];
  return {
    events: await service.list(tenant, '/events'),
    timeline: await service.list(tenant, `/accounts/${account}/timeline`),
    quarantine: await service.list(tenant, '/quarantine'),
    profile: await service.read(tenant, `/accounts/${account}/profile`),
  };
}

/** A route's path with its parameters in place. */
function pathOf({ path }: Route, parameters: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`Say what {${name}} of ${path} is tried with.`);
    return value;
  });
}

const valuesOf = (tenant: typeof OWN | typeof OTHER): Record<string, string> => ({
  tenant: encodeURIComponent(tenant),
  account: encodeURIComponent(ACCOUNTS[tenant]),
  eventId: String(ids[tenant]),
  id: String(quarantined[tenant]),
  offerId: String(ids[tenant]),
  offer: 'come-back-month',
  queue: 'consume-notifications',
});

type Call = { what: string; path: string; headers?: Record<string, string>; body?: unknown };

async function send(
  { method }: Route,
  { path, headers = {}, body = {} }: Call,
): Promise<{ status: number; text: string; challenge: string | null }> {
  const init: RequestInit = { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers } };
  const reply = await fetch(`${service.apiUrl}${path}`, method === 'GET' ? init : { ...init, body: JSON.stringify(body) });
  return { status: reply.status, text: await reply.text(), challenge: reply.headers.get('www-authenticate') };
}

/** Every way to ask for the other tenant's records with one's own token, for one route. */
function attempts(route: Route): Call[] {
  const own = valuesOf(OWN);
  const other = valuesOf(OTHER);
  const plain = pathOf(route, own);
  const tenants = [
    OTHER,
    `${OWN}%2F..%2F${OTHER}`,
    `${OWN}%2F${OTHER}`,
    `..%2F${OTHER}`,
    `${OTHER}%23`,
    `${OWN}%23ACCOUNT%23${ACCOUNTS[OTHER]}`,
    `%2531%2532`,
    `%20${OTHER}`,
    `${OTHER}%00`,
    `${OTHER}%2C${OWN}`,
    `[${OTHER}]`,
    '*',
    '-',
  ];
  const accounts = [
    ACCOUNTS[OTHER],
    `${ACCOUNTS[OWN]}%23..%23${ACCOUNTS[OTHER]}`,
    `..%2F..%2F${OTHER}%2Faccounts%2F${ACCOUNTS[OTHER]}`,
    `%23TENANT%23${OTHER}%23ACCOUNT%23${ACCOUNTS[OTHER]}`,
  ];
  const queries = [
    `tenant=${OTHER}`,
    `tenant=${OWN}&tenant=${OTHER}`,
    `account=${ACCOUNTS[OTHER]}`,
    `device=${ACCOUNTS[OTHER]}-device`,
    `cursor=${otherCursor}`,
    `state=${encodeURIComponent(`warning-${ACCOUNTS[OTHER]}`)}`,
  ];
  const headers = [
    { 'x-tenant': OTHER },
    { tenant: OTHER },
    { 'x-amzn-oidc-data': OTHER },
    { 'x-original-url': pathOf(route, other) },
    { 'x-rewrite-url': pathOf(route, other) },
    { 'x-http-method-override': 'GET' },
    { 'x-amz-security-token': 'local-session.e30' },
    { cookie: `tenant=${OTHER}` },
  ];
  const bodies = [
    { tenant: OTHER },
    { tenant: OTHER, account: ACCOUNTS[OTHER] },
    [OTHER],
    { detail: { providerid: OTHER, eventdata: { accountid: ACCOUNTS[OTHER] } } },
  ];
  return [
    ...tenants.map((tenant) => ({ what: `the tenant ${tenant}`, path: pathOf(route, { ...other, tenant }) })),
    ...accounts.map((account) => ({ what: `the account ${account}`, path: pathOf(route, { ...own, account }) })),
    {
      what: 'the ids of events',
      path: pathOf(route, { ...own, eventId: String(ids[OTHER]), offerId: String(ids[OTHER]), id: String(other.id) }),
    },
    { what: 'the id of a replay', path: pathOf(route, { ...own, id: String(replays[OTHER]) }) },
    ...queries.map((query) => ({ what: `the query ${query}`, path: `${plain}?${query}` })),
    ...headers.map((header) => ({ what: `the header ${Object.keys(header)[0]}`, path: plain, headers: header })),
    ...bodies.map((body) => ({ what: `the body ${JSON.stringify(body)}`, path: plain, body })),
  ];
}

/** What the reply holds beside what was said in the request itself. */
function beside(text: string, { path, headers = {}, body = {} }: Call): string {
  const asked = decodeURIComponent(path) + JSON.stringify(headers) + JSON.stringify(body);
  return asked.includes(ACCOUNTS[OTHER]) ? text.replaceAll(`"account":"${ACCOUNTS[OTHER]}"`, '') : text;
}

describe('a token of one tenant', () => {
  test('opens its own', async () => {
    const reply = await send(ROUTES.listAccountEvents, { what: 'its own', path: pathOf(ROUTES.listAccountEvents, valuesOf(OWN)) });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('warning-acc-own');
  });

  test.each(routes)('shows nothing of another by %s, however it is asked', async (_name, route) => {
    for (const call of attempts(route)) {
      const { status, text } = await send(route, call);
      expect(status, call.what).toBeLessThan(500);
      expect(beside(text, call), call.what).not.toContain(SECRET);
      for (const id of [ids[OTHER], replays[OTHER]]) expect(text, call.what).not.toContain(String(id));
    }
  });

  test('has changed nothing of another by all that', async () => {
    expect(await everythingOf(OTHER)).toEqual(before);
  });
});

test('the demo route is open on this machine, to pages of any origin, and tells of one account', async () => {
  const path = `/notifications?providerId=${OWN}&accountId=${ACCOUNTS[OWN]}`;
  const reply = await fetch(`${service.apiUrl}${path}`, { headers: { origin: 'https://demo.example.com' } });
  expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  const { items } = (await reply.json()) as { items: { message: string }[] };
  expect(items.map(({ message }) => message)).toEqual(Array(3).fill('NOTIFICATION: Threshold data warning-acc-own.'));
});

describe.each(routes)('%s', (_name, route) => {
  const call = () => ({ what: '', path: pathOf(route, valuesOf(OWN)) });
  const asked = async (header: Record<string, string>) => send(route, { ...call(), headers: header });

  test('needs a token, its scope and its tenant', async () => {
    expect(await asked({ authorization: '' })).toMatchObject({ status: 401, challenge: 'Bearer' });
    const others = await tokenFor({ tenant: OWN, scopes: scopes.filter((scope) => scope !== route.scope) });
    const lacking = await asked({ authorization: `Bearer ${others}` });
    expect(lacking).toMatchObject({
      status: 403,
      text: '{"message":"Forbidden"}',
      challenge: expect.stringContaining(String(route.scope)),
    });
    const foreign = await asked({ authorization: `Bearer ${await tokenFor({ tenant: OTHER, scopes })}` });
    expect(foreign.status, routeKey(route)).toBe(403);
    expect(JSON.parse(foreign.text)).toMatchObject({
      title: 'Forbidden',
      requestId: expect.any(String),
      detail: expect.stringContaining('tenant'),
    });
  });

  test('takes no token that is not the issuer’s access token for it, and says what is amiss', async () => {
    for (const { what, token: wrong, status, challenge } of refused)
      expect(await asked({ authorization: `Bearer ${wrong}` }), what).toMatchObject({
        status,
        challenge: expect.stringMatching(challenge),
      });
  });
});
