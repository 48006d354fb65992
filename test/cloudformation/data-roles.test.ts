import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { place } from '../../local/aws-scope.ts';
import { isAllowed } from '../../local/iam/policy.ts';
import type { PackagedRole } from '../../local/template/packaged-roles.ts';
import { readPackagedStack } from '../../local/template/packaged-stack.ts';
import {
  dayKey,
  eventKey,
  marketingPauseKey,
  phoneLookupKey,
  profileKey,
  quarantineKey,
  timelinePartition,
} from '../../src/schemas/keys.ts';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { totogiSecretName } from '../../src/totogi/secrets.ts';
import { resourcesOf, serviceTemplate } from './templates.ts';

const TABLE = `arn:aws:dynamodb:${place.region}:${place.accountId}:table/totogi-notifications-local`;
const INDEX = `${TABLE}/index/timeline`;
const TABLE_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'BatchGetItem', 'BatchWriteItem', 'ConditionCheckItem'];
const ONE_TENANT = { StringLike: { 'aws:RequestTag/tenant': '?*' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] } };
const KEYLESS = ['Scan', 'PartiQLSelect', 'DescribeTable', 'ExportTableToPointInTime', 'DeleteTable'];

const template = serviceTemplate();
const trusts = resourcesOf(
  template,
  'AWS::IAM::Role',
  z.looseObject({ AssumeRolePolicyDocument: z.looseObject({ Statement: z.unknown() }) }),
);
const dataRoles = trusts.filter(([id]) => id.endsWith('DataRole'));

let roles: PackagedRole[] = [];
let keysRole: PackagedRole | undefined;
beforeAll(async () => {
  roles = (await readPackagedStack(place)).dataRoles.filter(({ arn }) => arn.endsWith('DataRole'));
  keysRole = (await readPackagedStack(place)).dataRoles.find(({ arn }) => arn.includes('totogi-keys'));
});

function keysOf(tenant: string): string[] {
  return [
    eventKey(tenant, 'acc', '01KQH8TTYTM3KJF3DRW8XWMH1X').pk,
    profileKey(tenant, 'acc').pk,
    quarantineKey(tenant, '2026-05-01', 'id').pk,
    dayKey(tenant, 'EVENT', '2026-05-01').pk,
    timelinePartition(tenant, '2026-05-01', 0),
  ];
}

function mayTouch(tenant: string, { action, resource, key }: { action: string; resource: string; key?: string }): boolean[] {
  const context: Record<string, string[]> = key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] };
  return roles.map(({ statements }) => isAllowed(statements, { action: `dynamodb:${action}`, resource, tags: { tenant }, context }));
}

describe('a session of one tenant', () => {
  test.each([
    ['mvno-a', 'mvno-b'],
    ['1', '12'],
    ['12', '1'],
    ['a', 'A'],
    ['a.b', 'axb'],
    ['-', 'mvno-a'],
    ['mvno-a', '-'],
  ])('of %s opens no key of %s, in the table or the index, by any action of any role', (own, other) => {
    expect(roles).toHaveLength(dataRoles.length);
    for (const resource of [TABLE, INDEX])
      for (const action of TABLE_ACTIONS)
        for (const key of keysOf(other)) expect(mayTouch(own, { action, resource, key }), `${action} ${key}`).not.toContain(true);
  });

  test('opens its own', () => {
    const { pk: key } = profileKey('1', 'acc');
    expect(mayTouch('1', { action: 'GetItem', resource: TABLE, key })).toContain(true);
    expect(mayTouch('1', { action: 'Query', resource: INDEX, key: timelinePartition('1', '2026-05-01', 0) })).toContain(true);
  });

  test('scans nothing, and does nothing that names no key', () => {
    for (const resource of [TABLE, INDEX])
      for (const action of [...KEYLESS, ...TABLE_ACTIONS]) expect(mayTouch('1', { action, resource }), action).not.toContain(true);
  });

  test('knows of the stop of all marketing where it has routes for that, and changes it nowhere', () => {
    const { pk: key } = marketingPauseKey('-');
    const allows = (action: string) => mayTouch('1', { action, resource: TABLE, key }).filter((allowed) => allowed);
    expect(TABLE_ACTIONS.flatMap((action) => allows(action).map(() => action))).toEqual(['GetItem']);
  });

  test('reads no look-up, of whomever', () => {
    const { pk } = phoneLookupKey('hash', '');
    for (const key of [pk, 'LOOKUP#link#x', 'LOOKUP#receipt#x'])
      for (const action of ['GetItem', 'Query', 'Scan', 'BatchGetItem'])
        expect(mayTouch('1', { action, resource: TABLE, key })).not.toContain(true);
    expect(mayTouch('1', { action: 'UpdateItem', resource: TABLE, key: 'LOOKUP#link#x' })).not.toContain(true);
  });
});

describe('a data role', () => {
  test.each(dataRoles)('%s is assumed by its function alone, for exactly one tenant', (id, { AssumeRolePolicyDocument }) => {
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: { 'Fn::GetAtt': [id.replace('DataRole', 'Role'), 'Arn'] } },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: ONE_TENANT,
      },
    ]);
  });
});

describe('the role that opens keys for Totogi', () => {
  const secret = (tenant: string, rest = 'totogi-A1b2C3') =>
    `arn:aws:secretsmanager:${place.region}:${place.accountId}:secret:totogi-notifications/local/${tenant}/${rest}`;
  const opens = (tags: Record<string, string>, resource: string) =>
    isAllowed(keysRole?.statements ?? [], { action: 'secretsmanager:GetSecretValue', resource, tags, context: {} });

  test('opens a session the one of its tenant', () => {
    expect(opens({ tenant: 'mvno-a' }, secret('mvno-a'))).toBe(true);
    expect(secret('mvno-a')).toContain(`:secret:${totogiSecretName('local', 'mvno-a')}-`);
  });

  test.each([
    ['of another tenant', { tenant: 'mvno-a' }, secret('mvno-b')],
    ['of a tenant whose name goes on', { tenant: 'mvno-a' }, secret('mvno-a2')],
    ['of a tenant in other letters', { tenant: 'mvno-a' }, secret('Mvno-a')],
    ['of all, by a tag that is a wildcard', { tenant: '*' }, secret('mvno-b')],
    ['of its own for another purpose', { tenant: 'mvno-a' }, secret('mvno-a', 'totogi-other-A1b2C3')],
    ['of its own in another stage', { tenant: 'mvno-a' }, secret('mvno-a').replace('/local/', '/prod/')],
    ['without a tag', {}, secret('')],
  ])('opens none %s', (_what, tags, resource) => {
    expect(opens(tags, resource)).toBe(false);
  });

  test('is assumed by workflows alone, for exactly one tenant', () => {
    const [, { AssumeRolePolicyDocument } = {}] = trusts.find(([id]) => id === 'TotogiKeysRole') ?? [];
    expect(AssumeRolePolicyDocument?.Statement).toMatchObject([{ Effect: 'Allow', Condition: ONE_TENANT }]);
    expect(keysRole?.trusts).toHaveLength(WORKFLOWS.length);
  });
});
