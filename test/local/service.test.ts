import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type LocalService, startService } from '../../local/service.ts';
import { totogiEvent } from '../builders/events.ts';
import { eventually, runService } from '../builders/service.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const tenant = 'mvno-aurora';
const patience = { timeout: 10_000, interval: 50 };

async function start(stateDirectory: string): Promise<LocalService> {
  const service = await startService({ stateDirectory, port: 0, awsPort: 0 });
  onTestFinished(service.close);
  return service;
}

async function put({ awsUrl }: LocalService, { detail }: Record<string, unknown>): Promise<void> {
  const client = new EventBridgeClient({
    endpoint: awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  const entry = {
    EventBusName: 'totogi-notifications',
    Source: 'totogi.charging',
    DetailType: 'Notification',
    Detail: JSON.stringify(detail),
  };
  expect(await client.send(new PutEventsCommand({ Entries: [entry] }))).toMatchObject({ FailedEntryCount: 0 });
  client.destroy();
}

async function read(service: LocalService, path: string): Promise<unknown> {
  const body = JSON.stringify({ tenant });
  const { token } = (await (await fetch(`${service.apiUrl}/local/token`, { method: 'POST', body })).json()) as { token: string };
  return (await fetch(`${service.apiUrl}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
}

function lowAllowance(account: string): Record<string, unknown> {
  const information = { name: 'Voice Thresholds', state: 'low', prevstate: 'normal', threshold: 600 };
  return totogiEvent({ tenant, account, device: '14155550123', invokedAt: new Date().toISOString(), information });
}

test('an event is recorded, acted on with one text, and found by the API, also when it comes again and after a restart', async () => {
  const folder = temporaryDirectory();
  const first = await start(folder);
  const event = lowAllowance('acc-1');
  const events = `/v1/tenants/${tenant}/accounts/acc-1/events`;

  await put(first, event);

  const recorded = { data: [{ tenant, account: 'acc-1', device: '14155550123', state: 'low', threshold: 600 }], next: null };
  await vi.waitFor(async () => expect(await read(first, events)).toMatchObject(recorded), patience);
  const sent = {
    data: [{ channel: 'sms', to: '+14155550123', tenant, account: 'acc-1', eventId: expect.any(String), template: expect.any(String) }],
  };
  await vi.waitFor(async () => expect(await read(first, '/local/outbox')).toMatchObject(sent), patience);

  await put(first, event);
  await put(first, lowAllowance('acc-2'));
  await vi.waitFor(
    async () => expect(await read(first, '/local/outbox')).toMatchObject({ data: [{ account: 'acc-1' }, { account: 'acc-2' }] }),
    patience,
  );
  const outbox = await read(first, '/local/outbox');
  await first.close();

  const second = await start(folder);
  expect(second.tenants).toMatchObject([{ tenant, changed: false }]);
  expect(await read(second, events)).toMatchObject(recorded);
  expect(await read(second, '/local/outbox')).toEqual(outbox);
});

test('a drain answers once the work in flight is done, and says at its limit what is not', async () => {
  const service = await start(temporaryDirectory());
  const post = (path: string, body?: object) =>
    fetch(`${service.apiUrl}/local/${path}`, { method: 'POST', ...(body && { body: JSON.stringify(body) }) });
  expect(await (await post('drain')).json()).toEqual({ drained: true });
  await post('totogi/faults', { operation: 'getAccount', answer: 'result', answerAfterSeconds: 2 });

  await put(service, totogiEvent({ tenant, account: 'acc-drain', device: '14155550123', invokedAt: new Date().toISOString() }));

  const early = await post('drain?timeoutSeconds=0.2');
  expect([early.status, await early.json()]).toMatchObject([503, { detail: expect.stringMatching(/executions|consume-notifications/) }]);
  expect((await post('drain')).status).toBe(200);
  const { data } = (await read(service, `/v1/tenants/${tenant}/accounts/acc-drain/timeline`)) as { data: { run?: { state: string } }[] };
  expect(data.flatMap(({ run }) => run?.state ?? [])).toEqual(['finished', 'finished']);
});

test('an invalid event is in quarantine with its fault, and nothing is sent', async () => {
  const service = await start(temporaryDirectory());

  await put(service, totogiEvent({ tenant, account: undefined }));

  const quarantined = { data: [{ tenant, reason: 'invalid', faults: [{ path: 'detail.eventdata.accountid' }] }] };
  await vi.waitFor(async () => expect(await read(service, `/v1/tenants/${tenant}/quarantine`)).toMatchObject(quarantined), patience);
  expect(await read(service, '/local/outbox')).toEqual({ data: [] });
});

test('the documents are public, and what is not there says so', async () => {
  const { apiUrl } = await start(temporaryDirectory());
  const statuses = await Promise.all(['/docs', '/openapi.json', '/nowhere'].map(async (path) => (await fetch(apiUrl + path)).status));
  expect(statuses).toEqual([200, 200, 404]);
});

test('with the clock ahead of it, an event of now is recorded and starts nothing', async () => {
  const service = await start(temporaryDirectory());
  await fetch(`${service.apiUrl}/local/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds: 49 * 3_600 }) });

  await put(service, lowAllowance('acc-3'));

  const events = `/v1/tenants/${tenant}/accounts/acc-3/events`;
  await vi.waitFor(async () => expect(await read(service, events)).toMatchObject({ data: [{ account: 'acc-3' }] }), patience);
  const { data } = (await read(service, events)) as { data: { id: string }[] };
  const explanation = JSON.stringify(await read(service, `${events}/${data[0]?.id}/explanation`));
  expect(explanation).toContain('stale');
  expect(await read(service, '/local/outbox')).toEqual({ data: [] });
});

test('every reply of AWS is of the time of the clock, or the SDK asks again after each refusal', async () => {
  const { apiUrl, awsUrl, parts } = await start(temporaryDirectory());
  await fetch(`${apiUrl}/local/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds: 49 * 3_600 }) });

  const dynamoDb = `http://127.0.0.1:${parts.aws.dynamoDbPort}`;
  for (const [url, target] of [
    [awsUrl, 'AWSEvents.PutEvents'],
    [awsUrl, 'DynamoDB_20120810.ListTables'],
    [dynamoDb, 'DynamoDB_20120810.ListTables'],
  ] as const) {
    const { headers } = await fetch(url, { method: 'POST', headers: { 'x-amz-target': target }, body: '{}' });
    expect(Math.abs(Date.parse(headers.get('date') ?? '') - parts.clock.now())).toBeLessThan(60_000);
  }
});

test("a developer's own AWS profile plays no part", async () => {
  const home = temporaryDirectory();
  mkdirSync(join(home, '.aws'));
  // Each of these makes an SDK that reads it refuse an endpoint on this machine.
  writeFileSync(join(home, '.aws/config'), '[default]\nuse_fips_endpoint = true\naccount_id_endpoint_mode = required\n');
  vi.stubEnv('HOME', home);
  // The test's own client of PutEvents is a developer's, and is to work.
  const service = await runService().finally(() => vi.unstubAllEnvs());
  onTestFinished(async () => void (await service.end()));

  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(lowAllowance('acc-4').detail) }]);

  expect(await eventually(service.outbox, (texts) => texts.length > 0)).toMatchObject([{ account: 'acc-4' }]);
});
