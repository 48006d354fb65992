import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { LogicalId, resourcesOf, serviceTemplate } from './templates.ts';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: listed,
  Resource: z.unknown().optional(),
  NotResource: z.unknown().optional(),
});
const Document = z.looseObject({ Statement: z.array(Statement) });

const template = serviceTemplate();
const roles = resourcesOf(
  template,
  'AWS::IAM::Role',
  z.looseObject({ Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: Document })) }),
);
const permissions = new Map(roles.map(([id, role]) => [id, role.Policies.flatMap((policy) => policy.PolicyDocument.Statement)]));

describe('permissions', () => {
  test('belong to one function each', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function', z.looseObject({ Role: LogicalId }));
    // SNS writes its delivery log with the one role that is no function's.
    // What is assumed for a tenant, test/cloudformation/data-roles.test.ts looks at; what a role allows, role-calls.test.ts.
    const ofFunctions = roles.map(([id]) => id).filter((id) => id !== 'SmsDeliveryLogsRole' && !isForSessions(id));
    expect(functions.map(([, { Role }]) => Role).sort()).toEqual(ofFunctions.sort());
  });

  test('never allow an action by wildcard', () => {
    const allowed = allStatements(template).filter((statement) => statement.Effect === 'Allow');
    expect(allowed.length).toBeGreaterThan(roles.length);
    for (const { Action } of allowed) expect(Action.join()).not.toContain('*');
  });

  test('never allow a resource by bare wildcard', () => {
    for (const { Resource } of [...permissions.values()].flat()) expect(JSON.stringify(Resource ?? '')).not.toContain('"*"');
  });

  test('to start a workflow hold for the alias `durable` only', () => {
    const starts = permissions.get('ConsumeNotificationsRole')?.find(({ Action }) => Action.includes('lambda:InvokeFunction'));
    const aliases = resourcesOf(template, 'AWS::Lambda::Alias', z.looseObject({ Name: z.literal('durable') }))
      .filter(([id]) => id !== 'ReplayDurableLambdaAlias')
      .map(([id]) => ({ Ref: id }));
    expect(aliases).toHaveLength(WORKFLOWS.length);
    expect(starts?.Resource).toEqual(expect.arrayContaining(aliases));
    expect(starts?.Resource).toHaveLength(aliases.length);
  });

  test('to send traces are every function’s, from the one policy that can name no resource', () => {
    const [[id, policy] = []] = resourcesOf(template, 'AWS::IAM::ManagedPolicy', z.looseObject({ PolicyDocument: Document }));
    expect(id).toBe('TracingPolicy');
    expect(policy?.PolicyDocument.Statement).toEqual([
      { Sid: 'SendTraces', Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
    ]);
    const traced = resourcesOf(template, 'AWS::IAM::Role', z.looseObject({ ManagedPolicyArns: z.array(z.unknown()).optional() }));
    const without = traced.filter(([, { ManagedPolicyArns }]) => ManagedPolicyArns === undefined).map(([role]) => role);
    expect(without.filter((id) => !isForSessions(id))).toEqual(['SmsDeliveryLogsRole']);
    for (const [, { ManagedPolicyArns }] of traced) expect(ManagedPolicyArns ?? [{ Ref: id }]).toEqual([{ Ref: id }]);
    const functions = resourcesOf(template, 'AWS::Lambda::Function', z.looseObject({ TracingConfig: z.object({ Mode: z.string() }) }));
    for (const [, { TracingConfig }] of functions) expect(TracingConfig.Mode).toBe('Active');
  });

  test('cover no other stage, whose name goes on where this one ends', () => {
    // A stage's name is of letters and digits: whatever else follows it here, no other stage's name is meant.
    const named = [...JSON.stringify(template).matchAll(/totogi-notifications[-/]dev(.)/g)].map(([, next = '']) => next);
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((next) => /[A-Za-z0-9*?]/.test(next))).toEqual([]);
    expect(template.Parameters.Stage).toMatchObject({ AllowedPattern: '^[a-z0-9]+$', MaxLength: 12 });
  });

  test('to send texts hold for phone numbers, not for topics', () => {
    const publishing = [...permissions.values()].flat().filter(({ Action }) => Action.includes('sns:Publish'));
    expect(publishing).toHaveLength(WORKFLOWS.length + 1);
    for (const { Resource, NotResource } of publishing) {
      expect(Resource).toBeUndefined();
      expect(NotResource).toEqual({ 'Fn::Sub': `arn:\${AWS::Partition}:sns:*:*:*` });
    }
  });
});

function isForSessions(role: string): boolean {
  return role.endsWith('DataRole') || role === 'TotogiKeysRole';
}

/** Every policy statement anywhere in the template: of roles, queues and buckets. */
function allStatements(value: unknown): z.infer<typeof Statement>[] {
  if (typeof value !== 'object' || value === null) return [];
  const document = Document.safeParse(value);
  return document.success ? document.data.Statement : Object.values(value).flatMap(allStatements);
}
