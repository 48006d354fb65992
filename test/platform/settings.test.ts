import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/platform/settings.ts';

const KEY = 'k'.repeat(32);

describe('a setting', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['https://messages.example.com', 'https://messages.example.com'],
    ['https://messages.example.com/', 'https://messages.example.com'],
    ['https://example.com/messages//', 'https://example.com/messages'],
    ['http://127.0.0.1:4400', 'http://127.0.0.1:4400'],
  ])('of an address: %j is %j', (given, publicUrl) => {
    expect(readSettings(['publicUrl'], { PUBLIC_URL: given })).toEqual({ publicUrl });
  });

  test('of a number is one', () => {
    expect(readSettings(['timelineShards'], { TIMELINE_SHARDS: '16' })).toEqual({ timelineShards: 16 });
  });

  test('of several values is a list, without the placeholder of a key', () => {
    expect(
      readSettings(['takenTenants', 'serviceClients', 'cursorKeys', 'totogiHosts'], {
        TAKEN_TENANTS: 'mvno-a, mvno-b,',
        SERVICE_CLIENTS: 'client-1=mvno-a, client-2 = mvno-b',
        CURSOR_KEYS: `${KEY},none`,
        TOTOGI_HOSTS: 'totogi.example.com',
      }),
    ).toEqual({
      takenTenants: ['mvno-a', 'mvno-b'],
      serviceClients: { 'client-1': 'mvno-a', 'client-2': 'mvno-b' },
      cursorKeys: [KEY],
      totogiHosts: ['totogi.example.com'],
    });
  });

  test('that a deployer may leave out is never an empty text', () => {
    const environment = { DEMO_TENANT: '', TAKEN_TENANTS: '', SERVICE_CLIENTS: '', TOTOGI_URL: '', TOTOGI_HOSTS: '' };
    expect(readSettings(['demoTenant', 'takenTenants', 'serviceClients', 'totogiUrl', 'totogiHosts'], environment)).toEqual({
      demoTenant: undefined,
      takenTenants: [],
      serviceClients: {},
      totogiUrl: undefined,
      totogiHosts: expect.arrayContaining(['oauth.totogi.io']),
    });
  });
});

describe('a function that has not what it needs', () => {
  test.each([undefined, ''])('names every variable that is %j, and itself', (value) => {
    const environment = {
      AWS_LAMBDA_FUNCTION_NAME: 'totogi-notifications-test-lookup-api',
      LOOKUP_API_DATA_ROLE: value,
      CURSOR_KEYS: value,
    };
    expect(() => readSettings(['tableName', 'cursorKeys', 'lookupDataRole'], environment)).toThrow(
      'The environment of totogi-notifications-test-lookup-api is not as serverless.yml sets it. ' +
        'TABLE_NAME is missing; CURSOR_KEYS is missing; LOOKUP_API_DATA_ROLE is missing',
    );
  });

  test('is not told of variables that it does not use', () => {
    expect(readSettings(['tableName'], { TABLE_NAME: 'table', PUBLIC_URL: 'none' })).toEqual({ tableName: 'table' });
  });

  test.each([
    ['stage', 'STAGE', 'thirteenchars', 'expected at most 12 character(s)'],
    ['timelineShards', 'TIMELINE_SHARDS', 'eight', 'expected number'],
    ['timelineShards', 'TIMELINE_SHARDS', '0', 'expected at least 1'],
    ['timelineShards', 'TIMELINE_SHARDS', '65', 'expected at most 64'],
    ['timelineShards', 'TIMELINE_SHARDS', '1.5', 'expected a whole number'],
    ['publicUrl', 'PUBLIC_URL', 'shop.example.com', 'expected an address such as'],
    ['publicUrl', 'PUBLIC_URL', 'ftp://messages.example.com', 'expected an address such as'],
    ['publicUrl', 'PUBLIC_URL', 'javascript:alert(1)', 'expected an address such as'],
    ['queuesUrl', 'QUEUES_URL', 'https:///queues', 'expected an address such as'],
    ['cursorKeys', 'CURSOR_KEYS', 'none,none', 'expected a key of at least 32 characters'],
    ['serviceClients', 'SERVICE_CLIENTS', 'client-1=mvno-a,client-2', 'expected "clientId=tenant,clientId=tenant"'],
    ['totogiHosts', 'TOTOGI_HOSTS', '127.0.0.1', 'expected hosts such as'],
  ] as const)('learns what %s expects: %s is not %j', (setting, variable, value, detail) => {
    const read = () => readSettings([setting], { [variable]: value });
    expect(read).toThrow(`${variable}: ${detail}`);
    expect(read).not.toThrow(value);
  });
});
