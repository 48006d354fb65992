import { spawnSync } from 'node:child_process';
import { LambdaClient, ListDurableExecutionsByFunctionCommand, StopDurableExecutionCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../../local/database/table.ts';
import { configurationKey } from '../../src/schemas/keys.ts';
import { copyConfiguration } from '../builders/configuration-folder.ts';
import { type EventParts, totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-aurora';
const PREFIX = 'totogi-notifications-local';
const OPERATOR = '-';
/** Of queue and mapping in the template: how often a message is received before it is dead, and how long it rests in between. */
const RECEIVES = 125;
const REST_SECONDS = 180;

let aws: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(() => {
  aws = { endpoint: service.awsUrl, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
});

const advance = (seconds: number) => service.advance(seconds);
const outOfCredit = (account: string | undefined, parts: EventParts = {}) =>
  totogiEvent({
    tenant: TENANT,
    account,
    invokedAt: new Date(service.now() - 60_000).toISOString(),
    information: { name: 'OutOfCredit', state: 'outOfCredit' },
    ...parts,
  }).detail;
const put = (detail: unknown) => service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(detail) }]);
const textsTo = async (phone: string) => (await service.outbox()).filter(({ to }) => to === phone).map(({ text }) => text);
const deadLetters = async (queue: string) =>
  ((await service.read(OPERATOR, '/dead-letters')).data as { queue: string; waiting: number }[]).find((one) => one.queue === queue);

describe('an event that cannot be recorded', () => {
  test('is corrected and redriven, recorded, and sends its text, once', async () => {
    await service.write(TENANT, '/accounts/acc-fixed/profile', { phone: '+14155550171' });
    const known = (await service.list(TENANT, '/quarantine')).map(({ id }) => id);
    await put(outOfCredit(undefined));
    const [row] = await service.settled(
      async () => (await service.list(TENANT, '/quarantine')).filter(({ id }) => !known.includes(id)),
      ({ length }) => length === 1,
    );
    const path = `/quarantine/${String(row?.id)}`;
    const body = { detail: outOfCredit('acc-fixed') };
    expect(await service.post(TENANT, `${path}/redrive`, body)).toMatchObject({ status: 200, body: { state: 'redriven' } });
    const resolved = await service.settled(
      () => service.read(TENANT, path),
      ({ state }) => state === 'resolved',
    );
    expect(resolved.resolvedAs).toMatchObject({ tenant: TENANT, account: 'acc-fixed' });
    await service.settled(
      () => textsTo('+14155550171'),
      ({ length }) => length === 1,
    );
    expect(await service.post(TENANT, `${path}/redrive`, body)).toMatchObject({ status: 200, body: { state: 'resolved' } });
    expect(await textsTo('+14155550171')).toHaveLength(1);
    expect(await service.list(TENANT, '/accounts/acc-fixed/events')).toHaveLength(1);
  });
});

describe('an outage that lasts longer than the queue tries', () => {
  const tenant = 'mvno-outage';
  const missing = { TableName: PREFIX, Item: { ...configurationKey(tenant, 'CURRENT'), version: 'missing', publishedAt: '2026-05-01' } };

  test('leaves dead letters, which are counted, moved when it is over, and recorded', async () => {
    const client = connectDatabase({ port: Number(new URL(service.awsUrl).port), region: 'us-east-1' });
    await client.send(new PutCommand(missing));
    await put(outOfCredit('acc-outage', { tenant }));
    for (let receive = 0; receive < RECEIVES; receive += 1) await advance(REST_SECONDS);
    await service.settled(queue, ({ dead }) => dead === 1);
    await client.send(new DeleteCommand({ TableName: PREFIX, Key: configurationKey(tenant, 'CURRENT') }));
    client.destroy();

    const path = '/dead-letters/consume-notifications/redrive';
    expect(await service.post(OPERATOR, path)).toMatchObject({ status: 200, body: { dryRun: true, found: 1 } });
    expect(await service.post(TENANT, path, { dryRun: false })).toMatchObject({ status: 400 });
    expect(await deadLetters('consume-notifications')).toMatchObject({ waiting: 1 });
    expect(await service.post(OPERATOR, path, { dryRun: false })).toMatchObject({ status: 200, body: { move: { moved: 1 } } });
    const [event] = await service.settled(
      () => service.list(tenant, '/accounts/acc-outage/events'),
      ({ length }) => length === 1,
    );
    expect(await service.read(tenant, `/accounts/acc-outage/events/${String(event?.id)}/explanation`)).toMatchObject({
      reason: 'tenant-not-configured',
    });
    expect(await deadLetters('consume-notifications')).toMatchObject({ waiting: 0 });
  });

  async function queue(): Promise<{ delayed: number; dead: number }> {
    const response = await fetch(`${service.apiUrl}/local/queue`);
    const { data } = (await response.json()) as { data: Record<string, { delayed: number; dead: number }> };
    return data['consume-notifications'] ?? { delayed: 0, dead: 0 };
  }
});

describe('a run that ended without a word', () => {
  test('is started again from the dead-letter queue of the workflows, and tells its run once', async () => {
    await service.write(TENANT, '/accounts/acc-stopped/profile', { phone: '+14155550172' });
    await put(outOfCredit('acc-stopped', { information: { name: 'Data Thresholds', state: 'warning90' } }));
    const explanation = async () => {
      const [event] = await service.list(TENANT, '/accounts/acc-stopped/events');
      if (!event) return { id: '', workflows: [] };
      const id = String(event.id);
      const { workflows } = await service.read(TENANT, `/accounts/acc-stopped/events/${id}/explanation`);
      return { id, workflows: workflows as { state: string; waits: { at: string }[]; redrives?: number; result?: object }[] };
    };
    const waiting = await service.settled(explanation, ({ workflows }) => workflows[0]?.waits.length === 1);
    const { id } = waiting;

    const lambda = new LambdaClient(aws);
    const found = await lambda.send(
      new ListDurableExecutionsByFunctionCommand({
        FunctionName: `${PREFIX}-low-allowance`,
        DurableExecutionName: `local-low-allowance-${id}`,
      }),
    );
    await lambda.send(new StopDurableExecutionCommand({ DurableExecutionArn: found.DurableExecutions?.[0]?.DurableExecutionArn }));
    lambda.destroy();
    const sqs = new SQSClient(aws);
    const QueueUrl = `${service.awsUrl}/000000000000/${PREFIX}-workflows-dead-letters`;
    const MessageBody = JSON.stringify({ tenant: TENANT, account: 'acc-stopped', eventId: id });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

    const path = '/dead-letters/workflows/redrive';
    expect((await service.post(OPERATOR, path, { dryRun: false })).body).toMatchObject({ found: 1, handled: { started: 1 } });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    sqs.destroy();
    expect((await service.post(OPERATOR, path, { dryRun: false })).body).toMatchObject({ handled: { 'still-running': 1 } });
    const waitingSince = waiting.workflows[0]?.waits[0]?.at;
    await service.settled(explanation, ({ workflows }) => workflows[0]?.waits[0]?.at !== waitingSince);
    await advance(15 * 60);
    const { workflows } = await service.settled(explanation, ({ workflows: runs }) => runs[0]?.state === 'finished');
    expect(workflows[0]).toMatchObject({ redrives: 1, result: { outcome: 'sent' } });
    expect(await textsTo('+14155550172')).toHaveLength(1);
  });
});

describe('events that nothing was configured for', () => {
  const tenant = 'mvno-late';
  const accounts = Array.from({ length: 12 }, (_, index) => ({ account: `acc-late-${index}`, device: `141555501${String(index + 30)}` }));
  /** In the order of the accounts. */
  const phones = accounts.map(({ device }) => `+${device}`);
  let asked: Record<string, unknown> = {};

  beforeAll(async () => {
    const occurredAt = service.now() - 60_000;
    asked = { from: new Date(occurredAt).toISOString(), to: new Date(occurredAt + 1_000).toISOString() };
    for (const { account, device } of accounts)
      await put(outOfCredit(account, { tenant, device, invokedAt: new Date(occurredAt).toISOString() }));
    await put(outOfCredit('acc-old', { tenant, device: '14155550199', invokedAt: new Date(occurredAt - 3 * 86_400_000).toISOString() }));
    await service.settled(
      () => service.list(tenant, '/events'),
      ({ length }) => length === accounts.length + 1,
    );
    const folder = copyConfiguration();
    folder.write(`tenants/${tenant}.yml`, `tenant: ${tenant}\nname: Late Mobile\n`);
    folder.write(
      `operations/${tenant}.yml`,
      `tenant: ${tenant}\ncountry: US\ndeviceIds: msisdn\nemail: { from: { service: Late <care@late.example> } }\n`,
    );
    const command = ['commands/config-publish.ts', '--stage', 'local', '--directory', folder.directory];
    const { status, stderr } = spawnSync(process.execPath, command, { env: { ...process.env, AWS_ENDPOINT_URL: service.awsUrl } });
    folder.remove();
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
  });

  const start = async (wish: object) => String((await service.post(tenant, '/replays', { ...asked, ...wish })).body.id);
  const done = (id: string) =>
    service.settled(
      () => service.read(tenant, `/replays/${id}`),
      ({ state }) => state === 'done',
    );
  const texted = async () =>
    (await service.outbox())
      .filter((message) => message.tenant === tenant)
      .map(({ to }) => to)
      .toSorted();
  /** How each account's run ended, once all have. */
  const endings = () =>
    service.settled(
      async () => {
        const timelines = await Promise.all(accounts.map(({ account }) => service.read(tenant, `/accounts/${account}/timeline`)));
        const entries = timelines.map(({ data }) => data as { run?: { result?: { outcome: string } } }[]);
        return entries.map((timeline) => timeline.find(({ run }) => run)?.run?.result?.outcome);
      },
      (outcomes) => outcomes.every((outcome) => outcome !== undefined),
    );

  test('are counted by a dry run, which texts nobody', async () => {
    expect(await done(await start({}))).toMatchObject({
      dryRun: true,
      byType: { OutOfCredit: accounts.length },
      total: accounts.length,
      started: { 'credit-alert': accounts.length },
    });
    expect(await texted()).toEqual([]);
  });

  test('are told once by replays beside each other that are killed in the middle, and not again by later ones', async () => {
    const ids = await Promise.all([start({ dryRun: false }), start({ dryRun: false })]);
    await service.restart();
    for (const id of ids) expect(await done(id)).toMatchObject({ total: accounts.length, done: accounts.length });
    const outcomes = await endings();
    for (const outcome of outcomes) expect(['sent', 'unknown']).toContain(outcome);
    // What was being handed over as the process was killed may have gone or not, which is on record, and is not sent again.
    const certain = phones.filter((_phone, index) => outcomes[index] === 'sent');
    const before = await texted();
    expect(before).toEqual(expect.arrayContaining(certain));
    expect(new Set(before).size).toBe(before.length);

    const from = new Date(Date.parse(String(asked.from)) - 4 * 86_400_000).toISOString();
    expect(await done(await start({ dryRun: false, from }))).toMatchObject({
      total: accounts.length + 1,
      started: {},
      skipped: { 'already-run': accounts.length, stale: 1 },
    });
    expect(await texted()).toEqual(before);
  });

  test('say what was decided first, and what the replay decided', async () => {
    const [event] = await service.list(tenant, '/accounts/acc-late-0/events');
    expect(await service.read(tenant, `/accounts/acc-late-0/events/${String(event?.id)}/explanation`)).toMatchObject({
      workflows: [{ workflow: 'credit-alert', state: 'finished' }],
      decidedAgain: { before: 'tenant-not-configured' },
      summary: expect.stringMatching(/^On arrival: The tenant is not configured; .* A replay decided again at /),
    });
  });
});
