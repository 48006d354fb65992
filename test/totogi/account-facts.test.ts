import { afterEach, beforeEach, expect, test } from 'vitest';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { createAccountFactsReader } from '../../src/totogi/account-facts.ts';
import { openTestTotogi, type TestTotogi } from '../builders/totogi.ts';

let totogi: TestTotogi;
beforeEach(async () => {
  totogi = await openTestTotogi();
});
afterEach(() => totogi.close());

const configuration = TenantConfiguration.parse({ tenant: 'mvno-example', name: 'Example', totogi: { region: 'us-east-1' } });
const reader = () => createAccountFactsReader({ forTenant: ({ totogi: settings }) => settings && totogi.client() }, totogi.clock.now);
const asked = async () => (await totogi.control('/calls')).data as Record<string, number>;

test('what is known of an account says when it was read, and is not asked again for a minute', async () => {
  const to = '2100-01-01T00:00:00.000Z';
  const account = {
    tenant: 'mvno-example',
    account: 'acc-1',
    churnScore: 0.8,
    timezone: '+02:00',
    plans: [{ planId: 'plan-gold-30', to }],
  };
  await totogi.control('/accounts', account);
  const read = reader();
  const first = await read(configuration, 'acc-1');
  expect(first).toMatchObject({
    known: true,
    at: expect.any(Number),
    facts: {
      churnScore: 0.8,
      timeZone: '+02:00',
      lifecycleState: 'active',
      plans: [{ planId: 'plan-gold-30', to }],
      customProperties: { contact: {} },
    },
  });
  await totogi.control('/accounts', { ...account, churnScore: 0.1 });
  expect(await read(configuration, 'acc-1')).toBe(first);
  totogi.clock.advance(61);
  const later = await read(configuration, 'acc-1');
  expect(later).toMatchObject({ known: true, facts: { churnScore: 0.1 } });
  expect(later.at - first.at).toBeGreaterThanOrEqual(61_000);
});

test('a Totogi that is down is left alone for a while by all of the tenant, and asked again later', async () => {
  await totogi.control('/faults', { operation: 'getAccount', answer: 'status-500', times: 0 });
  const read = reader();
  for (const account of ['acc-1', 'acc-2', 'acc-3'])
    expect(await read(configuration, account)).toMatchObject({ known: false, why: 'unreachable' });
  expect((await asked()).getAccount).toBe(1);
  await totogi.control('/faults', undefined, 'DELETE');
  totogi.clock.advance(16);
  expect(await read(configuration, 'acc-1')).toMatchObject({ known: true });
});

test('a limit is kept to for as long as it says, up to a minute', async () => {
  await totogi.control('/faults', { operation: 'getAccount', answer: 'RateLimitExceeded', retryAfterSeconds: 40 });
  const read = reader();
  await read(configuration, 'acc-1');
  totogi.clock.advance(30);
  expect(await read(configuration, 'acc-1')).toMatchObject({ known: false, why: 'unreachable' });
  totogi.clock.advance(15);
  expect(await read(configuration, 'acc-1')).toMatchObject({ known: true });
});

test('an account that Totogi does not know, and a tenant that has none, are not an outage', async () => {
  await totogi.control('/accounts', { tenant: 'mvno-example', account: 'acc-none', exists: false });
  const read = reader();
  expect(await read(configuration, 'acc-none')).toMatchObject({ known: false, why: 'account-not-found' });
  await totogi.control('/faults', { operation: 'getAccount', answer: 'InvalidProviderLifecycleStage' });
  expect(await read(configuration, 'acc-1')).toMatchObject({ known: false, why: 'provider-not-active' });
  expect(await read(configuration, 'acc-1')).toMatchObject({ known: true });
  const { totogi: _, ...without } = configuration;
  expect(await read(without, 'acc-2')).toMatchObject({ known: false, why: 'not-configured' });
});
