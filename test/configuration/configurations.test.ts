import { afterAll, beforeAll, expect, test } from 'vitest';
import { createConfigurations, publishConfiguration } from '../../src/configuration/configurations.ts';
import { putOnce } from '../../src/platform/table.ts';
import { configurationKey } from '../../src/schemas/keys.ts';
import { published } from '../builders/configuration.ts';
import { offer } from '../builders/offers.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = new Date(Date.UTC(2026, 4, 1, 8));
const MINUTE = 60_000;

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

function version(tenant: string, name: string) {
  return { ...published({ tenant, name }), version: name };
}

test('the version in force is that which was published last, within a minute', async () => {
  let now = AT.getTime();
  const configurations = createConfigurations(database.table, () => now);
  expect(await configurations.current('mvno-force')).toBeUndefined();
  now += MINUTE;
  expect(await publishConfiguration(database.table, version('mvno-force', 'v-1'), AT)).toEqual({ changed: true });
  expect((await configurations.current('mvno-force'))?.version).toBe('v-1');
  await publishConfiguration(database.table, version('mvno-force', 'v-2'), AT);
  expect((await configurations.current('mvno-force'))?.version).toBe('v-1');
  now += MINUTE;
  expect((await configurations.current('mvno-force'))?.version).toBe('v-2');
  expect(await configurations.version('mvno-force', 'v-1')).toEqual(version('mvno-force', 'v-1'));
});

test('the same version is published once', async () => {
  await publishConfiguration(database.table, version('mvno-same', 'v-1'), AT);
  expect(await publishConfiguration(database.table, version('mvno-same', 'v-1'), AT)).toEqual({ changed: false });
});

test('a version that was never published is an error that names it', async () => {
  const configurations = createConfigurations(database.table, () => AT.getTime());
  await expect(configurations.version('mvno-none', 'v-9')).rejects.toThrow('Version v-9 of the configuration of tenant mvno-none');
});

test('a large configuration is read as it was published', async () => {
  const text = '{{ brand }} '.repeat(20_000);
  const large = { ...version('mvno-large', 'v-1'), templates: { 'en/low-allowance.sms': { class: 'service' as const, text } } };
  await publishConfiguration(database.table, large, AT);
  expect(await createConfigurations(database.table, () => AT.getTime()).current('mvno-large')).toEqual(large);
});

test('a version that was published under other rules is read as it is', async () => {
  const { configuration, ...rest } = version('mvno-old', 'v-1');
  const long = 'x'.repeat(5_000);
  const old = {
    ...rest,
    configuration: {
      ...configuration,
      name: long,
      language: 'English',
      senderId: long,
      country: 'Atlantis',
      caps: { perDay: 1_000, perWeek: -1 },
      hours: { default: { from: '9', to: '8' }, countries: { Atlantis: { from: 'a', to: 'a', regions: {} } } },
      counters: [{ names: ['*'.repeat(500)], counts: 'usage' as const, states: { [long]: 'low' as const } }],
      email: { from: { service: 'anybody' }, configurationSets: {} },
    },
    templates: { 'en/low-allowance.sms': { class: 'service' as const, text: long.repeat(10) } },
    offers: [{ ...offer(), id: 'Old/offer', validHours: 1e9, priority: -1 }],
  };
  const { configuration: decided, ...others } = old;
  const content = JSON.stringify({ ...others, marketing: decided, operations: decided });
  await putOnce(database.table, { ...configurationKey('mvno-old', 'v-1'), content });
  expect(await createConfigurations(database.table, () => AT.getTime()).version('mvno-old', 'v-1')).toEqual(old);
});
