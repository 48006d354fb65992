import { spawnSync } from 'node:child_process';
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { beforeAll, describe, expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { service } from './shared-service.ts';

const TENANT = 'mvno-patient';
const HOUR_SECONDS = 3_600;
/** Only ends what hangs: the service starts twice. */
const RESTARTS_MILLISECONDS = 300_000;
const DEVICE = '14155550143';
const project = new URL('../../', import.meta.url);

beforeAll(async () => {
  const published = configPublish('test/fixtures/config');
  expect(published.stderr).toBe('');
  expect(published.stdout).toMatch(/^mvno-patient: version [0-9a-f]{16} is in force\n$/);
}, 120_000);

function configPublish(directory: string) {
  const command = ['commands/config-publish.ts', '--stage', 'local', '--directory', directory];
  return spawnSync(process.execPath, command, {
    cwd: project,
    env: { ...process.env, AWS_ENDPOINT_URL: service.awsUrl },
    encoding: 'utf8',
  });
}

function counter(account: string, state: string, secondsLater = 0, name = 'Data Thresholds'): PutEventsRequestEntry {
  const invokedAt = new Date(service.now() + secondsLater * 1_000).toISOString();
  const event = totogiEvent({ tenant: TENANT, account, device: DEVICE, invokedAt, information: { name, state, threshold: 104857600 } });
  return { Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) };
}

const advance = (seconds: number) => service.advance(seconds);

/** The explanation of an account's oldest event. */
async function explanation(account: string) {
  const events = await service.list(TENANT, `/accounts/${account}/events`);
  const id = events.at(-1)?.id;
  return id === undefined ? undefined : service.read(TENANT, `/accounts/${account}/events/${id}/explanation`);
}

type Explained = Awaited<ReturnType<typeof explanation>>;
const inState = (state: string) => (found: Explained) => (found?.workflows as { state: string }[] | undefined)?.[0]?.state === state;
const textsOf = async (account: string) =>
  (await service.outbox()).filter((message) => message.account === account).map(({ text }) => text);

describe('a run that waits', () => {
  test('speaks when its time has come and not before', async () => {
    await service.put([counter('acc-speaks', 'low')]);
    await service.settled(() => explanation('acc-speaks'), inState('running'));
    await advance(HOUR_SECONDS - 600);
    await service.drain();
    expect(await textsOf('acc-speaks')).toEqual([]);
    await advance(601);
    await service.settled(() => explanation('acc-speaks'), inState('finished'));
    expect(await textsOf('acc-speaks')).toEqual(['Patient Mobile: bytes 100 MB']);
  });

  test('says nothing when the counter has recovered meanwhile, and says so', async () => {
    await service.put([counter('acc-recovers', 'low')]);
    await service.settled(() => explanation('acc-recovers'), inState('running'));
    await service.put([counter('acc-recovers', 'normal', 60), counter('acc-recovers', 'low', 90, 'Voice Thresholds')]);
    await service.settled(
      () => service.list(TENANT, '/accounts/acc-recovers/events'),
      ({ length }) => length === 3,
    );
    await advance(HOUR_SECONDS + 1);
    const found = await service.settled(() => explanation('acc-recovers'), inState('finished'));
    expect(found).toMatchObject({
      workflows: [{ result: { outcome: 'recovered' }, messages: [] }],
      summary: expect.stringContaining('back in a good state'),
    });
    await service.settled(
      () => textsOf('acc-recovers'),
      ({ length }) => length === 1,
    );
    expect(await textsOf('acc-recovers')).toEqual(['Patient Mobile: seconds 1,747,627 min']);
  });

  test('survives kill -9 in the middle of its wait, and speaks once', { timeout: RESTARTS_MILLISECONDS }, async () => {
    await service.put([counter('acc-killed', 'low')]);
    await service.settled(() => explanation('acc-killed'), inState('running'));
    await service.restart();
    expect(await explanation('acc-killed')).toMatchObject({ workflows: [{ state: 'running', messages: [] }] });
    await advance(HOUR_SECONDS + 1);
    await service.settled(() => explanation('acc-killed'), inState('finished'));
    expect(await textsOf('acc-killed')).toEqual(['Patient Mobile: bytes 100 MB']);
    await service.restart();
    await service.drain();
    expect(await textsOf('acc-killed')).toEqual(['Patient Mobile: bytes 100 MB']);
  });
});

test('a workflow that the tenant switched off is not started', async () => {
  const event = totogiEvent({
    tenant: TENANT,
    account: 'acc-off',
    invokedAt: new Date(service.now()).toISOString(),
    information: { name: 'OutOfCredit', state: 'outOfCredit' },
  });
  await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(event.detail) }]);
  const found = await service.settled(
    () => explanation('acc-off'),
    (explanation) => explanation !== undefined,
  );
  expect(found).toMatchObject({ reason: 'workflow-off', workflows: [] });
});

test('publishing the same configuration again changes nothing, and one that does not hold is refused whole', () => {
  expect(configPublish('test/fixtures/config').stdout).toMatch(/was in force already\n$/);
  const refused = configPublish('test/fixtures');
  expect({ status: refused.status, stderr: refused.stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining('there is no such folder'),
  });
});
