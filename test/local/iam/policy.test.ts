import { describe, expect, test } from 'vitest';
import { isAllowed, PolicyStatement } from '../../../local/iam/policy.ts';

const ownKeys = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`TENANT#\${aws:PrincipalTag/tenant}#*`] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};
const allow = { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: 'arn:table', Condition: ownKeys };
const read = (...statements: unknown[]) => statements.map((statement) => PolicyStatement.parse(statement));

function ask(keys: string[], { tenant = '1', action = 'dynamodb:Query', resource = 'arn:table' } = {}) {
  return { action, resource, tags: { tenant }, context: keys.length > 0 ? { 'dynamodb:LeadingKeys': keys } : {} };
}

describe('a policy', () => {
  test.each([
    ['its own key', ask(['TENANT#1#ACCOUNT#a']), true],
    ['its own keys', ask(['TENANT#1#ACCOUNT#a', 'TENANT#1#DAYS']), true],
    ['its own and one more', ask(['TENANT#1#DAYS', 'TENANT#2#DAYS']), false],
    ['a key of a tenant whose name goes on', ask(['TENANT#12#ACCOUNT#a']), false],
    ['no key', ask([]), false],
    ['another action', ask(['TENANT#1#DAYS'], { action: 'dynamodb:Scan' }), false],
    ['another resource', ask(['TENANT#1#DAYS'], { resource: 'arn:table/index/timeline' }), false],
    ['everything, by a tag that is a wildcard', ask(['TENANT#12#DAYS'], { tenant: '*' }), false],
    ['a key of another, by a tag with a wildcard', ask(['TENANT#12#DAYS'], { tenant: '1?' }), false],
    ['the key that has the wildcard in it', ask(['TENANT#*#DAYS'], { tenant: '*' }), true],
    ['an action in another case', ask(['TENANT#1#DAYS'], { action: 'DynamoDB:query' }), true],
  ])('of one tenant is asked for %s', (_what, request, allowed) => {
    expect(isAllowed(read(allow), request)).toBe(allowed);
  });

  test('allows nothing by itself, and nothing that a statement denies', () => {
    expect(isAllowed([], ask(['TENANT#1#DAYS']))).toBe(false);
    expect(isAllowed(read(allow, { Effect: 'Deny', Action: 'dynamodb:*', Resource: 'arn:table' }), ask(['TENANT#1#DAYS']))).toBe(false);
  });

  test('that compares with a tag of a session without one allows nothing', () => {
    expect(isAllowed(read(allow), { ...ask(['TENANT##DAYS']), tags: {} })).toBe(false);
  });

  test('with a part that is not understood is refused rather than read in part', () => {
    expect(() => isAllowed(read({ ...allow, Condition: { StringEquals: { a: 'b' } } }), ask(['TENANT#1#DAYS']))).toThrow('StringEquals');
    expect(PolicyStatement.safeParse({ ...allow, NotAction: 'dynamodb:Scan' }).success).toBe(false);
  });
});
