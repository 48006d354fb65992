import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalRoutes } from '../../../local/api/local-routes.ts';
import { loadSigningKey } from '../../../local/api/signing-key.ts';
import { createTokenIssuer, tokenRequestSchema } from '../../../local/api/tokens.ts';
import { createClock } from '../../../local/clock.ts';
import type { Drain } from '../../../local/drain.ts';
import { pathOf } from '../../../local/foreign-requests.ts';
import { openHttpServer, sendReply } from '../../../local/http-server.ts';
import { temporaryState } from '../temporary-state.ts';

async function startRoutes(drain: Drain = async () => ({})) {
  const state = temporaryState();
  const clock = createClock(state);
  const key = await loadSigningKey(state);
  const routes = createLocalRoutes({
    clock,
    drain,
    publicJwk: key.publicJwk,
    tokenRequest: tokenRequestSchema(['events:read', 'operations']),
    issueToken: createTokenIssuer({ key, issuer: 'http://127.0.0.1/local', now: clock.now }),
    readOutbox: async () => [],
    queueCounts: () => ({ 'consume-notifications': { visible: 1, inFlight: 0, delayed: 0, dead: 0 } }),
    playReceipt: async () => ({}),
  });
  const server = await openHttpServer({ port: 0, variable: 'PORT' });
  server.serve(async (request, response) => sendReply(response, await routes(request, pathOf(request))));
  onTestFinished(server.close);
  const call = (path: string, body?: unknown) =>
    fetch(
      `http://127.0.0.1:${server.port}${path}`,
      body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) },
    );
  return { state, clock, key, call };
}

test('a token names its tenant and has every scope unless told otherwise', async () => {
  const { call } = await startRoutes();
  const token = async (body: object) => String(((await (await call('/local/token', body)).json()) as { token: unknown }).token);

  const all = decodeJwt(await token({ tenant: 'mvno-aurora' }));
  expect(all).toMatchObject({ iss: 'http://127.0.0.1/local', client_id: 'local', token_use: 'access', tenant: 'mvno-aurora' });
  expect(all.scope).toBe('events:read operations');
  expect((all.exp ?? 0) - (all.iat ?? 0)).toBe(86_400);
  expect(decodeJwt(await token({ tenant: 'mvno-aurora', scopes: ['operations'] })).scope).toBe('operations');
});

test('the key that signs is published, and is the same after a restart', async () => {
  const { call, state } = await startRoutes();
  const again = await loadSigningKey(state);
  const { token } = (await (await call('/local/token', { tenant: 'mvno-aurora' })).json()) as { token: string };

  expect(await (await call('/local/.well-known/jwks.json')).json()).toEqual({ keys: [again.publicJwk] });
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: again.publicJwk.kid });
});

test('the clock is moved ahead, and tokens follow it', async () => {
  const { call, clock } = await startRoutes();

  const reply = await call('/local/clock', { advanceSeconds: 86_400 });

  expect(await reply.json()).toEqual({ now: expect.stringMatching(/^\d{4}-.*Z$/), offsetSeconds: 86_400 });
  expect(clock.offsetMs()).toBe(86_400_000);
  const { token } = (await (await call('/local/token', { tenant: 'mvno-aurora' })).json()) as { token: string };
  expect((decodeJwt(token).iat ?? 0) * 1000).toBeGreaterThan(Date.now() + 86_000_000);
});

test.each([
  { path: '/local/token', body: {}, field: 'tenant' },
  { path: '/local/token', body: { tenant: '--' }, field: 'tenant' },
  { path: '/local/token', body: { tenant: 'a', scopes: 'operations' }, field: 'scopes' },
  { path: '/local/token', body: { tenant: 'a', scopes: ['two words'] }, field: 'scopes.0' },
  { path: '/local/token', body: { tenant: 'a', scopes: [1] }, field: 'scopes.0' },
  { path: '/local/clock', body: { advanceSeconds: '5' }, field: 'advanceSeconds' },
  { path: '/local/clock', body: { advanceSeconds: 0 }, field: 'advanceSeconds' },
  { path: '/local/clock', body: { advanceSeconds: -1 }, field: 'advanceSeconds' },
  { path: '/local/clock', body: { advanceSeconds: 1e12 }, field: 'advanceSeconds' },
])('$path with $body is refused, naming $field', async ({ path, body, field }) => {
  const { call } = await startRoutes();
  const reply = await call(path, body);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect(await reply.json()).toMatchObject({
    status: 400,
    detail: expect.stringContaining(field.split('.')[0] ?? ''),
    errors: [{ field }],
  });
});

test('a drain answers when nothing is open, or at its limit with what is', async () => {
  const asked: unknown[] = [];
  const open = [{ 'invocations of welcome': 1, executions: 2 }, {}];
  const { call } = await startRoutes(async (limits) => {
    asked.push(limits);
    return open.shift() ?? {};
  });

  const late = await call('/local/drain?timeoutSeconds=0.5', {});
  expect([late.status, late.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
  expect(await late.json()).toMatchObject({
    detail: 'After 0.5 s there are still 1 invocations of welcome, 2 executions.',
    open: { 'invocations of welcome': 1, executions: 2 },
  });
  const drained = await call('/local/drain?withinSeconds=10', {});
  expect([drained.status, await drained.json()]).toEqual([200, { drained: true }]);
  expect(asked).toEqual([
    { timeoutMs: 500, withinMs: 0 },
    { timeoutMs: 60_000, withinMs: 10_000 },
  ]);
});

test.each(['timeoutSeconds=-1', 'timeoutSeconds=601', 'timeoutSeconds=soon', 'timeout=5', 'withinSeconds=601'])(
  'a drain with ?%s is refused',
  async (query) => {
    const { call } = await startRoutes();
    expect((await call(`/local/drain?${query}`, {})).status).toBe(400);
  },
);

test.each(['{', '[]', '"text"', ''])('a body that is no JSON object (%j) is refused', async (body) => {
  const { call } = await startRoutes();
  expect(await (await call('/local/clock', body)).json()).toMatchObject({ status: 400, detail: 'The body must be a JSON object.' });
});

test('a wrong path or method says what there is', async () => {
  const { call } = await startRoutes();
  const wrongPath = await call('/local/nowhere', {});
  expect([wrongPath.status, await wrongPath.json()]).toMatchObject([404, { detail: expect.stringContaining('/local/outbox') }]);
  const wrongMethod = await call('/local/token');
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
});

test('the queue shows its counts', async () => {
  const { call } = await startRoutes();
  const reply = await call('/local/queue');
  expect(await reply.json()).toEqual({ data: { 'consume-notifications': { visible: 1, inFlight: 0, delayed: 0, dead: 0 } } });
});
