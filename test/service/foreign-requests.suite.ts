import { beforeAll, describe, expect, test } from 'vitest';
import { ask, FOREIGN, OWN } from '../builders/raw-request.ts';
import { service } from './shared-service.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const TEXT = { 'content-type': 'text/plain' };

let ports: { api: number; aws: number };

beforeAll(async () => {
  ports = { api: Number(new URL(service.apiUrl).port), aws: Number(new URL(service.awsUrl).port) };
}, 120_000);

type Call = { at: 'api' | 'aws'; method?: string; path?: string; headers?: Record<string, string>; body?: string };

const calls: Record<string, Call> = {
  'a token': { at: 'api', method: 'POST', path: '/local/token', headers: TEXT, body: '{"tenant": "-"}' },
  'the clock': { at: 'api', method: 'POST', path: '/local/clock', headers: TEXT, body: '{"advanceSeconds": 86400}' },
  'the outbox': { at: 'api', path: '/local/outbox' },
  'the local Totogi': { at: 'api', method: 'POST', path: '/local/totogi/graphql', headers: TEXT, body: '{"query": "{a}"}' },
  'a tenant’s events': { at: 'api', path: '/v1/tenants/mvno-aurora/events' },
  'the documents': { at: 'api', path: '/docs' },
  'a path like a public one': { at: 'api', path: '/notifications/../local/outbox' },
  'a text by SNS': { at: 'aws', method: 'POST', headers: FORM, body: 'Action=Publish&PhoneNumber=%2B14155550100&Message=x' },
  'a run of a function': { at: 'aws', method: 'POST', path: '/2015-03-31/functions/any/invocations', headers: TEXT, body: '{}' },
  'a table through the AWS endpoint': {
    at: 'aws',
    method: 'POST',
    headers: { ...TEXT, 'x-amz-target': 'DynamoDB_20120810.ListTables', authorization: 'AWS4-any' },
    body: '{}',
  },
};

const asked = ({ at, ...call }: Call, headers: Record<string, string> = {}) =>
  ask({ port: ports[at], ...call, headers: { ...call.headers, ...headers } });

describe.each(Object.entries(calls))('%s', (_what, call) => {
  test.each(FOREIGN)('is not given where %s is "%s"', async (header, value) => {
    const reply = await asked(call, { [header]: value });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(404);
    expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    const preflight = { [header]: value, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-amz-target' };
    const before = await asked({ ...call, method: 'OPTIONS' }, preflight);
    expect(before.status).toBeGreaterThanOrEqual(400);
    expect(Object.keys(before.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

test.each(OWN)('this machine is answered: %o', async (headers) => {
  expect(await asked({ at: 'api', path: '/local/outbox' }, headers)).toMatchObject({ status: 200, text: '{"data":[]}' });
  expect(await asked({ at: 'api', path: '/docs' }, headers)).toMatchObject({ status: 200 });
  const secret = { 'x-amz-target': 'secretsmanager.GetSecretValue', 'content-type': 'application/x-amz-json-1.1' };
  const body = '{"SecretId": "any"}';
  expect((await asked({ at: 'aws', method: 'POST', headers: secret, body }, headers)).text).not.toContain('Forbidden');
});

test('what the documents have one type works: no Origin, and a body of no named type', async () => {
  const reply = await asked({ at: 'api', method: 'POST', path: '/local/token', headers: FORM, body: '{"tenant": "mvno-aurora"}' });
  expect(reply).toMatchObject({ status: 200, text: expect.stringContaining('"token"') });
});

describe('what is public in production too', () => {
  const demo = '/notifications?providerId=mvno-aurora&accountId=acc-1';
  const foreign = { origin: 'https://demo.example.com', 'sec-fetch-site': 'cross-site' };

  test('the demo route answers pages of any origin, and their question beforehand', async () => {
    const reply = await asked({ at: 'api', path: demo }, foreign);
    expect(reply).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } });
    const before = await asked({ at: 'api', path: demo, method: 'OPTIONS' }, { ...foreign, 'access-control-request-method': 'GET' });
    expect(before.headers['access-control-allow-origin']).toBe('*');
  });

  test.each(['/o/unknown', '/u/unknown'])('%s is reached by a link in a mail', async (path) => {
    expect(await asked({ at: 'api', path }, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 404 });
  });

  test.each([demo, '/o/unknown', '/u/unknown'])('%s has no other name than this machine’s', async (path) => {
    expect(await asked({ at: 'api', path }, { host: 'evil.example' })).toMatchObject({ status: 403 });
  });
});
