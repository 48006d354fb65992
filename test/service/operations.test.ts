import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { totogiEvent } from '../builders/events.ts';
import { eventually, type RunningService, runService } from '../builders/service.ts';

const TENANT = 'mvno-aurora';

let service: RunningService;

beforeAll(async () => {
  service = await runService();
}, 120_000);
afterAll(() => service.end());

describe('an event that cannot be recorded', () => {
  const outOfCredit = (account: string | undefined) =>
    totogiEvent({
      tenant: TENANT,
      account,
      invokedAt: new Date(Date.now() - 60_000).toISOString(),
      information: { name: 'OutOfCredit', state: 'outOfCredit' },
    }).detail;

  test('is corrected and redriven, recorded, and sends its text, once', async () => {
    await service.write(TENANT, '/accounts/acc-mended/profile', { phone: '+14155550171' });
    await service.put([{ Source: 'totogi.charging', DetailType: 'Notification', Detail: JSON.stringify(outOfCredit(undefined)) }]);
    const [row] = await eventually(
      () => service.list(TENANT, '/quarantine'),
      ({ length }) => length === 1,
    );
    const path = `/quarantine/${String(row?.id)}`;
    const body = { detail: outOfCredit('acc-mended') };
    expect(await service.post(TENANT, `${path}/redrive`, body)).toMatchObject({ status: 200, body: { state: 'redriven' } });
    const resolved = await eventually(
      () => service.read(TENANT, path),
      ({ state }) => state === 'resolved',
    );
    expect(resolved.resolvedAs).toMatchObject({ tenant: TENANT, account: 'acc-mended' });
    await eventually(service.outbox, ({ length }) => length === 1);
    expect(await service.post(TENANT, `${path}/redrive`, body)).toMatchObject({ status: 200, body: { state: 'resolved' } });
    expect((await service.outbox()).map(({ to }) => to)).toEqual(['+14155550171']);
    expect(await service.list(TENANT, '/accounts/acc-mended/events')).toHaveLength(1);
  });
});
