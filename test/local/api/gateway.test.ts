import { generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import type { CorsRules } from '../../../local/api/cors.ts';
import { createApiGateway } from '../../../local/api/gateway.ts';
import { createJwtAuthorizer } from '../../../local/api/jwt-authorizer.ts';
import { loadSigningKey, type SigningKey } from '../../../local/api/signing-key.ts';
import { createThrottle, type Throttling } from '../../../local/api/throttle.ts';
import { createTokenIssuer } from '../../../local/api/tokens.ts';
import type { InvocationOutcome } from '../../../local/functions/invocation.ts';
import { openHttpServer, sendReply } from '../../../local/http-server.ts';
import { temporaryState } from '../temporary-state.ts';

const issuer = 'http://127.0.0.1/local';
const startedAt = Date.parse('2026-11-20T10:00:00.500Z');
const hour = 3_600;

const routes = [
  {
    routeKey: 'GET /v1/tenants/{tenant}/events',
    functionKey: 'lookup-api',
    authorized: true,
    scopes: ['events:read', 'prefix/events:read'],
  },
  { routeKey: 'GET /any-token', functionKey: 'lookup-api', authorized: true, scopes: [] },
  { routeKey: '$default', functionKey: 'api-documents', authorized: false, scopes: [] },
];

/** A gateway on a port; its functions answer `outcome`, or else what they were given. */
async function startGateway({
  outcome,
  cors,
  throttling,
}: {
  outcome?: InvocationOutcome;
  cors?: CorsRules;
  throttling?: Throttling;
} = {}) {
  const clock = { now: startedAt };
  const key = await loadSigningKey(temporaryState());
  const gateway = createApiGateway({
    routes,
    functions: { invoke: async (functionKey, event) => outcome ?? { ok: true, payload: { functionKey, event } } },
    authorize: createJwtAuthorizer({ key, issuer, audience: 'local', now: () => clock.now }),
    accountId: '000000000000',
    now: () => clock.now,
    cors,
    ...(throttling ? { admits: createThrottle(throttling, () => clock.now) } : {}),
  });
  const server = await openHttpServer({ port: 0, variable: 'PORT' });
  server.serve(async (request, response) => sendReply(response, await gateway(request)));
  onTestFinished(server.close);
  const issue = createTokenIssuer({ key, issuer, now: () => clock.now });
  const token = await issue({ tenant: 'mvno-aurora', scopes: ['operations', 'events:read'] });
  const call = (path: string, init: RequestInit & { token?: string } = {}) => {
    const headers = new Headers(init.headers);
    if (init.token !== undefined) headers.set('authorization', `Bearer ${init.token}`);
    return fetch(`http://127.0.0.1:${server.port}${path}`, { ...init, headers });
  };
  return { clock, key, issue, token, call };
}

const goodClaims = { iss: issuer, client_id: 'local', scope: 'events:read', exp: startedAt / 1000 + hour };

function sign(key: SigningKey, claims: object, header: object = {}): Promise<string> {
  return new SignJWT({ ...goodClaims, ...claims }).setProtectedHeader({ alg: 'RS256', kid: key.keyId, ...header }).sign(key.privateKey);
}

test('a request reaches the function in payload format 2.0', async () => {
  const { call, token } = await startGateway();

  const reply = await call('/v1/tenants/a%20b/events?type=one&type=two&state=%C3%BC+x&empty=', {
    token,
    headers: { cookie: 'first=1; second=2', 'X-Twice': 'a', 'user-agent': 'test' },
  });

  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({
    functionKey: 'lookup-api',
    event: {
      version: '2.0',
      routeKey: 'GET /v1/tenants/{tenant}/events',
      rawPath: '/v1/tenants/a b/events',
      rawQueryString: 'type=one&type=two&state=%C3%BC+x&empty=',
      cookies: ['first=1', 'second=2'],
      headers: { 'x-twice': 'a', 'user-agent': 'test' },
      queryStringParameters: { type: 'one,two', state: 'ü x', empty: '' },
      pathParameters: { tenant: 'a b' },
      requestContext: {
        accountId: '000000000000',
        authorizer: {
          jwt: {
            claims: { tenant: 'mvno-aurora', scope: 'operations events:read', iat: String(Math.floor(startedAt / 1000)) },
            scopes: ['events:read', 'prefix/events:read'],
          },
        },
        http: { method: 'GET', path: '/v1/tenants/a b/events', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
        requestId: reply.headers.get('apigw-requestid'),
        routeKey: 'GET /v1/tenants/{tenant}/events',
        stage: '$default',
        time: '20/Nov/2026:10:00:00 +0000',
        timeEpoch: startedAt,
      },
      isBase64Encoded: false,
    },
  });
});

test.each([
  { contentType: 'application/json; charset=utf-8', event: { body: '{"a":1}', isBase64Encoded: false } },
  { contentType: 'application/x-www-form-urlencoded', event: { body: 'eyJhIjoxfQ==', isBase64Encoded: true } },
])('a body of type $contentType travels as the gateway sends it', async ({ contentType, event }) => {
  const { call } = await startGateway();
  const reply = await call('/anything', { method: 'POST', body: '{"a":1}', headers: { 'content-type': contentType } });
  expect(await reply.json()).toMatchObject({ functionKey: 'api-documents', event });
});

test('every claim is handed on as text, lists in brackets', async () => {
  const { call, key } = await startGateway();
  const token = await sign(key, { roles: ['a', 'b'], admin: true, level: 3, address: { city: 'X' } });

  const reply = await call('/any-token', { token });

  const claims = { roles: '[a b]', admin: 'true', level: '3', address: 'map[city:X]' };
  expect(await reply.json()).toMatchObject({ event: { requestContext: { authorizer: { jwt: { claims, scopes: null } } } } });
});

test.each<{ title: string; make: (gateway: Awaited<ReturnType<typeof startGateway>>) => Promise<string> }>([
  { title: 'a token of another issuer', make: ({ key }) => sign(key, { iss: 'http://127.0.0.1/other' }) },
  { title: 'a token for another client', make: ({ key }) => sign(key, { client_id: 'other' }) },
  { title: 'an audience that is wrong although the client is right', make: ({ key }) => sign(key, { aud: 'other' }) },
  { title: 'an expired token', make: ({ key }) => sign(key, { exp: startedAt / 1000 - 1 }) },
  { title: 'a token without expiry', make: ({ key }) => sign(key, { exp: undefined }) },
  { title: 'a token that is not valid yet', make: ({ key }) => sign(key, { nbf: startedAt / 1000 + hour }) },
  { title: 'a token from the future', make: ({ key }) => sign(key, { iat: startedAt / 1000 + hour }) },
  { title: 'a token of an unknown key id', make: ({ key }) => sign(key, {}, { kid: 'other' }) },
  { title: 'a token that another key signed', make: async ({ key }) => sign({ ...key, ...(await generateKeyPair('RS256')) }, {}) },
  {
    title: 'a token signed with HS256',
    make: ({ key }) =>
      new SignJWT(goodClaims).setProtectedHeader({ alg: 'HS256', kid: key.keyId }).sign(new TextEncoder().encode(key.publicJwk.n ?? '')),
  },
  {
    title: 'a token with alg none',
    make: async () =>
      `${[{ alg: 'none', kid: 'local' }, goodClaims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`,
  },
  { title: 'what is no token', make: async () => 'abc' },
])('$title is refused as the gateway refuses it', async ({ make }) => {
  const gateway = await startGateway();

  const reply = await gateway.call('/v1/tenants/mvno-aurora/events', { token: await make(gateway) });

  expect(reply.status).toBe(401);
  expect(await reply.json()).toEqual({ message: 'Unauthorized' });
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer scope="" error="invalid_token" error_description="[^"]+"$/);
});

test('a request without a token is refused with a plain challenge', async () => {
  const { call } = await startGateway();
  const reply = await call('/v1/tenants/mvno-aurora/events');
  expect([reply.status, reply.headers.get('www-authenticate'), await reply.json()]).toEqual([401, 'Bearer', { message: 'Unauthorized' }]);
});

test.each([
  { title: 'an access token with another scope', claims: { scope: 'operations' } },
  { title: 'an ID token, which has no scope', claims: { scope: undefined, aud: 'local', token_use: 'id' } },
])('$title is forbidden', async ({ claims }) => {
  const { call, key } = await startGateway();

  const reply = await call('/v1/tenants/mvno-aurora/events', { token: await sign(key, claims) });

  expect([reply.status, await reply.json()]).toEqual([403, { message: 'Forbidden' }]);
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer scope="events:read prefix\/events:read" error="insufficient_scope"/);
});

test('any one of the scopes of a route is enough', async () => {
  const { call, key } = await startGateway();
  const reply = await call('/v1/tenants/mvno-aurora/events', { token: await sign(key, { scope: 'x prefix/events:read' }) });
  expect(reply.status).toBe(200);
});

test('tokens expire by the service clock', async () => {
  const { call, clock, token, issue } = await startGateway();
  clock.now += 25 * hour * 1_000;
  const fresh = await issue({ tenant: 'mvno-aurora', scopes: ['events:read'] });

  expect((await call('/v1/tenants/mvno-aurora/events', { token })).status).toBe(401);
  expect((await call('/v1/tenants/mvno-aurora/events', { token: fresh })).status).toBe(200);
});

test.each<{ title: string; outcome: InvocationOutcome; status: number; type: string; body: string }>([
  {
    title: 'a whole reply',
    outcome: { ok: true, payload: { statusCode: 201, headers: { 'Content-Type': 'text/html', 'X-Count': 3 }, body: '<p>' } },
    status: 201,
    type: 'text/html',
    body: '<p>',
  },
  {
    title: 'a reply without a type',
    outcome: { ok: true, payload: { statusCode: 200, body: 'hello' } },
    status: 200,
    type: 'text/plain;charset=UTF-8',
    body: 'hello',
  },
  {
    title: 'a base64 body',
    outcome: { ok: true, payload: { statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true } },
    status: 200,
    type: 'text/plain;charset=UTF-8',
    body: 'hello',
  },
  {
    title: 'an object without statusCode',
    outcome: { ok: true, payload: { a: 1 } },
    status: 200,
    type: 'application/json',
    body: '{"a":1}',
  },
  { title: 'text', outcome: { ok: true, payload: 'hello' }, status: 200, type: 'application/json', body: 'hello' },
  {
    title: 'an error',
    outcome: { ok: false, errorType: 'Error', errorMessage: 'secret' },
    status: 500,
    type: 'application/json',
    body: '{"message":"Internal Server Error"}',
  },
  {
    title: 'a malformed reply',
    outcome: { ok: true, payload: { statusCode: 'soon' } },
    status: 500,
    type: 'application/json',
    body: '{"message":"Internal Server Error"}',
  },
])('$title of a function becomes the reply that the gateway makes of it', async ({ outcome, status, type, body }) => {
  const { call } = await startGateway({ outcome });
  const reply = await call('/docs');
  expect([reply.status, reply.headers.get('content-type'), await reply.text()]).toEqual([status, type, body]);
});

test('cookies of a function are set one by one', async () => {
  const { call } = await startGateway({ outcome: { ok: true, payload: { statusCode: 200, cookies: ['a=1', 'b=2'] } } });
  expect((await call('/docs')).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('a path that cannot be decoded is a bad request', async () => {
  const { call } = await startGateway();
  const reply = await call('/%zz');
  expect([reply.status, await reply.json()]).toEqual([400, { message: 'Bad Request' }]);
});

const cors = {
  origins: ['https://console.example.com'],
  methods: ['GET', 'PUT'],
  headers: ['authorization'],
  exposed: ['apigw-requestid'],
  maxAgeSeconds: 60,
};
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
});
const corsOf = (reply: Response) => [...reply.headers].filter(([name]) => name.startsWith('access-control-'));

test('a browser that asks before it calls is answered by the gateway, for the origins of the stack', async () => {
  const { call } = await startGateway({ cors });
  const allowed = await call('/v1/tenants/mvno-aurora/events', preflight('https://console.example.com'));
  expect([allowed.status, Object.fromEntries(corsOf(allowed))]).toEqual([
    204,
    {
      'access-control-allow-origin': 'https://console.example.com',
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '60',
    },
  ]);
  expect(corsOf(await call('/v1/tenants/mvno-aurora/events', preflight('https://elsewhere.example.com')))).toEqual([]);
});

test.each([
  { title: 'the origin of every reply, refusals included', rules: cors, allowed: 'https://console.example.com' },
  { title: 'any origin where any is allowed', rules: { ...cors, origins: ['*'] }, allowed: '*' },
  { title: 'no origin where the stack names none', rules: undefined, allowed: undefined },
])('the gateway allows $title', async ({ rules, allowed }) => {
  const { call, token } = await startGateway(rules ? { cors: rules } : {});
  const origin = { origin: 'https://console.example.com' };
  const wanted =
    allowed === undefined ? {} : { 'access-control-allow-origin': allowed, 'access-control-expose-headers': 'apigw-requestid' };
  for (const reply of [
    await call('/v1/tenants/mvno-aurora/events', { token, headers: origin }),
    await call('/v1/tenants/mvno-aurora/events', { headers: origin }),
  ])
    expect(Object.fromEntries(corsOf(reply))).toEqual(wanted);
  expect(corsOf(await call('/v1/tenants/mvno-aurora/events', { token }))).toEqual([]);
});

test('a request beyond the limit of its route, or of all routes together, is refused as the gateway refuses it, and later let through', async () => {
  const throttling = { ofStage: { perSecond: 1, atOnce: 2 }, ofRoutes: { 'GET /any-token': { perSecond: 0.5, atOnce: 1 } } };
  const { call, token, clock } = await startGateway({ throttling });
  const statuses = async (paths: string[]) => {
    const replies: number[] = [];
    for (const path of paths) replies.push((await call(path, { token })).status);
    return replies;
  };
  expect(await statuses(['/any-token', '/any-token', '/docs', '/docs', '/docs'])).toEqual([200, 429, 200, 200, 429]);
  const refused = await call('/docs');
  expect([await refused.json(), refused.headers.get('retry-after')]).toEqual([{ message: 'Too Many Requests' }, null]);
  clock.now += 1_000;
  expect(await statuses(['/any-token', '/docs'])).toEqual([429, 200]);
  clock.now += 1_000;
  expect(await statuses(['/any-token'])).toEqual([200]);
});
