import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConfigurations, publishConfiguration } from '../../src/store/configurations.ts';
import { published } from '../builders/configuration.ts';
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
  const configurations = openConfigurations(database.table, () => now);
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
  const configurations = openConfigurations(database.table, () => AT.getTime());
  await expect(configurations.version('mvno-none', 'v-9')).rejects.toThrow('Version v-9 of the configuration of tenant mvno-none');
});

test('a large configuration is read as it was published', async () => {
  const text = '{{ brand }} '.repeat(20_000);
  const large = { ...version('mvno-large', 'v-1'), templates: { 'en/low-allowance.sms': { class: 'service' as const, text } } };
  await publishConfiguration(database.table, large, AT);
  expect(await openConfigurations(database.table, () => AT.getTime()).current('mvno-large')).toEqual(large);
});
