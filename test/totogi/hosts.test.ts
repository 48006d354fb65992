import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, jsonReply, openHttpServer, sendReply } from '../../local/http-server.ts';
import { reachOf, TOTOGI_HOSTS } from '../../src/platform/totogi-hosts.ts';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { createTotogiClient, type TotogiDependencies } from '../../src/totogi/client.ts';
import { knownAfter } from '../../src/totogi/failures.ts';

const CREDENTIALS = { key: 'the-key', secret: 'the-secret' };

let listed: HttpServer;
let foreign: HttpServer;
/** What reached the server that nobody listed. */
let leaked: IncomingMessage[] = [];
/** How the listed server answers, by path. */
let answers: Record<string, { status: number; location?: string }> = {};

beforeAll(async () => {
  foreign = await openHttpServer({ port: 0, variable: 'PORT' });
  foreign.serve(async (request, response) => {
    leaked.push(request);
    sendReply(response, jsonReply(200, { access_token: 'foreign', data: {} }));
  });
  listed = await openHttpServer({ port: 0, variable: 'PORT' });
  listed.serve(async (request, response) => {
    request.resume();
    const { status = 200, location } = answers[request.url ?? ''] ?? {};
    const reply = jsonReply(status, { access_token: 'token', expires_in: 3_600 });
    sendReply(response, location === undefined ? reply : { ...reply, headers: { ...reply.headers, location } });
  });
});
afterAll(async () => {
  await listed.close();
  await foreign.close();
});
beforeEach(() => {
  leaked = [];
  answers = {};
});

function client(totogi: object, deps: Partial<TotogiDependencies> = {}) {
  const readSecret = async () => JSON.stringify(CREDENTIALS);
  const opened = createTotogiClient({ readSecret, now: () => 0, stage: 'test', deadlineMilliseconds: 2_000, ...deps });
  const tenant = opened.forTenant(TenantConfiguration.parse({ tenant: 'mvno-example', name: 'Example', totogi }));
  if (!tenant) throw new Error('The tenant is configured for Totogi.');
  return tenant;
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    (value) => expect.fail(`It answered ${JSON.stringify(value)}`),
    (error: Error) => ({ known: knownAfter(error), reasons: `${error.message} ${String(error.cause)}` }),
  );

describe('a tenant’s key is sent to no host that the operator does not list', () => {
  test.each([
    ['an address of tokens', { region: 'us-east-1', tokenUrl: 'https://tokens.evil.example/oauth2/token' }, undefined],
    ['Totogi’s own addresses, where the operator lists others', { region: 'us-east-1' }, ['gql.partner.example']],
    ['addresses of both', { endpoint: 'https://gql.evil.example/graphql', tokenUrl: 'https://evil.example/' }, undefined],
  ])('%s', async (_what, totogi, hosts) => {
    const failed = await refusal(client(totogi, { hosts }).subscribeToPlan({ account: 'acc-1', planId: 'plan-1' }));
    expect(failed).toEqual({ known: 'not-done', reasons: expect.stringContaining('address not listed') });
    expect(failed.reasons).not.toContain(CREDENTIALS.key);
  });
});

describe.each([301, 302, 303, 307, 308])('an answer of %i that leads to another host is not followed', (status) => {
  test.each(['/oauth2/token', '/graphql'])('at %s', async (path) => {
    answers = { [path]: { status, location: `http://127.0.0.1:${foreign.port}${path}` } };
    const asked = client({ region: 'us-east-1' }, { url: `http://127.0.0.1:${listed.port}` });
    const { known } = await refusal(asked.subscribeToPlan({ account: 'acc-1', planId: 'plan-1' }));
    expect(known).toBe(path === '/graphql' ? 'timed-out' : 'not-done');
    expect(leaked).toEqual([]);
  });
});

test.each<[string, boolean]>([
  ['https://oauth.totogi.io/oauth2/token', true],
  ['https://OAUTH.totogi.io/oauth2/token', true],
  ['http://oauth.totogi.io/oauth2/token', false],
  ['https://oauth.totogi.io:8443/oauth2/token', false],
  ['https://oauth.totogi.io./oauth2/token', false],
  ['https://oauth.totogi.io.evil.example/oauth2/token', false],
  ['https://evil.example/oauth.totogi.io', false],
  ['https://oauth.totogi.io@evil.example/', false],
  ['https://evil.example\\@oauth.totogi.io/', false],
  ['https://oauth.totogi.io#@evil.example/', false],
  ['https://oauth.totogi.io?@evil.example/', false],
  ['https://evil-oauth.totogi.io/', false],
  ['https://\toauth.totogi.io/', false],
  ['https://оauth.totogi.io/', false],
  ['//oauth.totogi.io/', false],
  ['https://127.0.0.1/', false],
  ['https://[::1]/', false],
  ['file:///etc/passwd', false],
])('%s may get a key: %s', (address, may) => {
  expect(reachOf(TOTOGI_HOSTS)(address)).toBe(may);
});
