import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { createConfigurations, publishConfiguration, publishVersion } from '../../src/configuration/configurations.ts';
import { PublicationConflict } from '../../src/configuration/publication-conflict.ts';
import type { Table } from '../../src/platform/table.ts';
import type { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { published } from '../builders/configuration.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const AT = new Date(Date.UTC(2026, 4, 1, 8));
let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

type Settings = Partial<z.input<typeof TenantConfiguration>>;
let versions = 0;

/** Publishes another version of a tenant; answers `published`, or what it was refused with. */
async function publish(tenant: string, settings: Settings, table: Table = database.table) {
  versions += 1;
  const version = { ...published({ tenant, ...settings }), version: `v-${versions}` };
  return publishConfiguration(table, version, AT).then(
    () => 'published',
    (error) => {
      if (error instanceof PublicationConflict) return error.message;
      throw error;
    },
  );
}

const from = (address: string): Settings => ({ email: { from: { service: address } } });
const current = (tenant: string) => createConfigurations(database.table, () => AT.getTime()).current(tenant);

describe('what one tenant uses is refused to another', () => {
  const number = (one: string, country: string) => ({ sms: { numbers: [{ number: one, country }] } });
  test.each<[string, Settings, Settings, string]>([
    ['its From domain', from('care@a1.example'), from('x+y@A1.Example'), 'the From domain "a1.example"'],
    ['its domain as punycode', from('care@müller.example'), from('B <x@xn--mller-kva.example>'), 'the From domain "xn--mller-kva.example"'],
    ['a domain below its own', from('care@a2.example'), from('x@mail.a2.example'), 'the From domain "mail.a2.example"'],
    ['a domain above its own', from('care@deep.mail.a3.example'), from('x@a3.example'), 'the From domain "a3.example"'],
    [
      'its configuration set',
      { email: { configurationSets: { service: 'a4-s' } } },
      { email: { configurationSets: { marketing: 'A4-s' } } },
      '"a4-s"',
    ],
    ['its sender id', { senderId: 'A5' }, { sms: { senderIds: { GB: 'a5' } } }, 'the sender id "a5"'],
    ['its DLT entity', { sms: { dltEntityId: '1601' } }, { sms: { dltEntityId: '1601' } }, 'the DLT entity id "1601"'],
    ['its number', number('+14155550106', 'US'), number('+14155550106', 'US'), 'the two-way number "+14155550106"'],
    ['its short code', number('72345', 'US'), number('72345', 'US'), 'the two-way number "US:72345"'],
    [
      'its provider id',
      { totogi: { region: 'us-east-1', providerId: 'P8' } },
      { totogi: { region: 'us-east-1', providerId: 'P8' } },
      '"P8"',
    ],
  ])('%s', async (what, first, second, detail) => {
    const [owner, other] = ['owner', 'other'].map((name) => `${name}-${what.replaceAll(/\W/g, '-')}`);
    expect(await publish(`${owner}`, first)).toBe('published');
    const refusal = await publish(`${other}`, second);
    expect(refusal).toContain(detail);
    expect(refusal).toContain('is already used by another tenant');
    expect(refusal).not.toContain('owner-');
    expect(await current(`${other}`)).toBeUndefined();
    expect(await publish(`${owner}`, first), 'its owner publishes again').toBe('published');
    expect(await publish(`${owner}`, {}), 'and lets go of it').toBe('published');
    expect(await publish(`${other}`, second)).toBe('published');
  });

  test("its name as Totogi's provider id", async () => {
    expect(await publish('mvno-named', {})).toBe('published');
    expect(await publish('evil-named', { totogi: { region: 'us-east-1', providerId: 'mvno-named' } })).toContain(
      'the provider id "mvno-named"',
    );
  });
});

describe('what nobody owns alone is shared', () => {
  test.each<[string, Settings, Settings]>([
    ['domains beside each other', from('a@one.shared.example'), from('a@two.shared.example')],
    ['domains that only look alike', from('a@look.example'), from('a@outlook.example')],
    [
      'a short code in two countries',
      { sms: { numbers: [{ number: '80000', country: 'US' }] } },
      { sms: { numbers: [{ number: '80000', country: 'GB' }] } },
    ],
    ['a sender id that names nobody', { senderId: 'INFO' }, { senderId: 'Info' }],
  ])('%s', async (what, first, second) => {
    const name = what.replaceAll(/\W/g, '-');
    expect([await publish(`first-${name}`, first), await publish(`second-${name}`, second)]).toEqual(['published', 'published']);
  });
});

test('a tenant moves between a domain, those below it and those above, and leaves no record of them behind', async () => {
  for (const address of ['a@move.example', 'a@mail.move.example', 'a@x.mail.move.example', 'a@move.example', 'a@other.example'])
    expect(await publish('mover', from(address)), address).toBe('published');
  expect(await publish('follower', from('a@move.example'))).toBe('published');
  expect(await publish('mover', from('a@mail.move.example'))).toContain('a domain above or below it is');
});

test('the largest configuration is exchanged for one that shares nothing with it, in one transaction', async () => {
  const large = (mark: string): Settings => ({
    senderId: `${mark}0`,
    sms: {
      senderIds: Object.fromEntries(
        ['AT', 'BE', 'CH', 'DE', 'ES', 'FR', 'GB', 'IE', 'IT', 'NL', 'PT'].map((code) => [code, `${mark}${code}`]),
      ),
      dltEntityId: `${mark}1`,
      numbers: Array.from({ length: 10 }, (_, index) => ({ number: `+1415555${mark.charCodeAt(0) * 10 + index}`, country: 'US' })),
    },
    email: {
      from: Object.fromEntries(['service', 'regulatory', 'marketing'].map((name) => [name, `a@d.c.${name}.${mark}.example`])),
      configurationSets: Object.fromEntries(['service', 'regulatory', 'marketing'].map((name) => [name, `${mark}-${name}`])),
    },
    totogi: { region: 'us-east-1', providerId: `provider-${mark}` },
  });
  expect(await publish('large', large('y'))).toBe('published');
  expect(await publish('large', large('z'))).toBe('published');
  expect(await publish('other-large', large('y'))).toBe('published');
});

describe('publishing at the same time', () => {
  test('two tenants race for a domain: one has it', async () => {
    const answers = await Promise.all(['race-a', 'race-b', 'race-c'].map((tenant) => publish(tenant, from('care@race.example'))));
    expect(answers.filter((answer) => answer === 'published')).toHaveLength(1);
    expect((await Promise.all(['race-a', 'race-b', 'race-c'].map(current))).filter(Boolean)).toHaveLength(1);
  });

  test('a tenant races for a domain with one that takes the domain above it: one has it', async () => {
    const answers = await Promise.all([publish('above-a', from('a@up.example')), publish('above-b', from('a@mail.up.example'))]);
    expect(answers.filter((answer) => answer === 'published')).toHaveLength(1);
  });

  test('one tenant is published twice: the second is told, and what is in force owns what it uses', async () => {
    await publish('twice', from('a@before.example'));
    const answers = await Promise.all([publish('twice', from('a@left.example')), publish('twice', from('a@right.example'))]);
    expect(answers.toSorted()).toEqual([expect.stringContaining('was published at the same time'), 'published']);
    const inForce = (await current('twice'))?.configuration.email.from.service ?? '';
    const free = inForce === 'a@left.example' ? 'a@right.example' : 'a@left.example';
    expect(await publish('twice-other', from(inForce))).toContain('another tenant');
    expect(await publish('twice-other', from(free))).toBe('published');
    expect(await publish('twice-third', from('a@before.example'))).toBe('published');
  });

  test('the same version is published by two: both have got what they want', async () => {
    const version = { ...published({ tenant: 'same' }), version: 'v-same' };
    const both = await Promise.all([publishConfiguration(database.table, version, AT), publishConfiguration(database.table, version, AT)]);
    expect(both.filter(({ changed }) => changed)).toHaveLength(1);
  });

  test('a transaction that met another one is tried again', async () => {
    let conflicts = 2;
    const client = new Proxy(database.table.client, {
      get: (target, key) =>
        key !== 'send'
          ? Reflect.get(target, key)
          : async (command: Parameters<typeof target.send>[0]) => {
              if (command.constructor.name === 'TransactWriteCommand' && conflicts-- > 0)
                throw new TransactionCanceledException({
                  message: '',
                  $metadata: {},
                  CancellationReasons: [{ Code: 'TransactionConflict' }],
                });
              return target.send(command);
            },
    });
    expect(await publish('met', from('a@met.example'), { ...database.table, client })).toBe('published');
  });
});

test("hosts that the service's operator does not list are refused, and those that it lists are not", async () => {
  const totogi = { endpoint: 'https://gql.own.example/graphql', tokenUrl: 'https://evil.example/steal' };
  const refusal = await publish('hosts', { totogi });
  expect(refusal).toMatch(/^totogi\.endpoint: is at "gql\.own\.example", .*\ntotogi\.tokenUrl: is at "evil\.example"/);
  const version = { ...published({ tenant: 'hosts', totogi }), version: 'v-hosts' };
  expect(await publishVersion(database.table, version, { at: AT, totogiHosts: ['gql.own.example', 'evil.example'] })).toEqual({
    changed: true,
  });
});

test('every tenant that was published is listed, once', async () => {
  for (const name of ['Listed', 'Again']) await publish('listed', { name });
  const { Items = [] } = await database.table.client.send(
    new QueryCommand({
      TableName: database.table.name,
      KeyConditionExpression: 'pk = :pk AND sk = :sk',
      ExpressionAttributeValues: { ':pk': 'PLATFORM#TENANTS', ':sk': 'listed' },
    }),
  );
  expect(Items).toMatchObject([{ tenant: 'listed', publishedAt: AT.toISOString() }]);
});
