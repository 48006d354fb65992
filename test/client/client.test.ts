import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiProblem, type Client, createClient, type Event } from 'totogi-notifications/client';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { clientSource } from '../../commands/generate/client.ts';

const TENANT = 'mvno-aurora';

type Answer = { status: number; headers?: Record<string, string>; body: unknown };

/** An API that gives these answers, one after the other, and the last one for ever. */
async function answering(...answers: Answer[]) {
  const requests: { url: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    requests.push({ url: request.url, authorization: request.headers.authorization });
    const { status, headers = {}, body } = answers[Math.min(requests.length, answers.length) - 1] as Answer;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const waits: number[] = [];
  const retry = { wait: async (seconds: number) => void waits.push(seconds), random: () => 1 };
  const client = createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, token: 'token-1', retry });
  return { client, requests, waits };
}

const emptyPage = { status: 200, body: { data: [], next: null } };
const problem = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: { type: 'about:blank', title: 'A title', status, detail: 'What was wrong.', requestId: 'request-1' },
});
const refusal = (call: Promise<unknown>) => call.then(() => expect.fail('It was not refused.')).catch((error: ApiProblem) => error);

test('the client is made from the API as it is now: npm run prepare makes it again', async () => {
  const made = readFileSync(new URL('../../client/api.generated.ts', import.meta.url), 'utf8');
  expect(made === (await clientSource())).toBe(true);
});

describe('a refusal', () => {
  test.each([429, 503])('of %d is tried again when the API says so', async (status) => {
    const { client, requests, waits } = await answering(problem(status, { 'retry-after': '7' }), problem(status), emptyPage);
    expect(await client.listTenantEvents(TENANT)).toEqual({ data: [], next: null });
    expect(waits).toEqual([7, 1]);
    expect(requests).toEqual(Array(3).fill({ url: `/v1/tenants/${TENANT}/events`, authorization: 'Bearer token-1' }));
  });

  test('that never ends is thrown after the last attempt', async () => {
    const { client, waits } = await answering(problem(503));
    expect(await refusal(client.listTenantEvents(TENANT))).toMatchObject({ status: 503 });
    expect(waits).toEqual([0.5, 1, 2, 4]);
  });

  test('for longer than one waits is thrown at once, and says when to come again', async () => {
    const { client, waits } = await answering(problem(429, { 'retry-after': '3600' }));
    expect(await refusal(client.listTenantEvents(TENANT))).toMatchObject({ status: 429, retryAfterSeconds: 3_600 });
    expect(waits).toEqual([]);
  });

  test('of another kind is thrown with its words and its request id, and not tried again', async () => {
    const { client, requests } = await answering(problem(404));
    const error = await refusal(client.getEvent(TENANT, 'acc-1', '01K8XK9M3QZ5J6W7V8N9P0R1S2'));
    expect(error).toMatchObject({ status: 404, title: 'A title', detail: 'What was wrong.', requestId: 'request-1' });
    expect(String(error)).toBe('ApiProblem: 404 A title: What was wrong. (request request-1)');
    expect(requests).toHaveLength(1);
  });

  test("by the gateway, which has words of its own, tells the gateway's", async () => {
    const challenge = 'Bearer scope="events:read" error="insufficient_scope"';
    const { client } = await answering({
      status: 403,
      headers: { 'www-authenticate': challenge, 'apigw-requestid': 'g-1' },
      body: { message: 'Forbidden' },
    });
    expect(await refusal(client.listTenantEvents(TENANT))).toMatchObject({ title: 'Forbidden', detail: challenge, requestId: 'g-1' });
  });

  test('by something between that does not speak JSON tells its text', async () => {
    const send = async () => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' });
    const client = createClient({ baseUrl: 'http://api.example', token: 't', fetch: send });
    expect(await refusal(client.listTenantEvents(TENANT))).toMatchObject({ title: 'Bad Gateway', detail: '<h1>Bad gateway</h1>' });
  });
});

test('every operation is typed by its parameters and its reply', () => {
  expectTypeOf<Client['listTenantEvents']>().parameter(0).toEqualTypeOf<string>();
  expectTypeOf<Client['listTenantEvents']>().returns.resolves.toEqualTypeOf<{ data: Event[]; next: string | null }>();
  expectTypeOf<Client['getEvent']>().returns.resolves.toEqualTypeOf<Event>();
  expectTypeOf<Event['id']>().toEqualTypeOf<string>();
  expectTypeOf<Event['type']>().extract<'AutoRenewFailure'>().toEqualTypeOf<'AutoRenewFailure'>();
  expectTypeOf<Client['deleteProfile']>().returns.resolves.toBeVoid();
});

test('the package is imported by its name, without TypeScript', () => {
  const script = "import { createClient } from 'totogi-notifications/client'; console.log(typeof createClient);";
  const printed = execFileSync(process.execPath, ['--input-type=module', '--no-experimental-strip-types', '-e', script], {
    encoding: 'utf8',
  });
  expect(printed).toBe('function\n');
});
