import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { WORKFLOWS } from '../../src/schemas/workflow.ts';
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

function actionsOf(role: string): string[] {
  const actions = permissions.get(role)?.flatMap((statement) => statement.Action) ?? [];
  return actions.filter((action) => !action.startsWith('logs:')).sort();
}

/** What every workflow does with records and with its own run. */
const TELL_STORIES =
  'dynamodb:GetItem dynamodb:PutItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem lambda:CheckpointDurableExecution lambda:GetDurableExecutionState';

describe('permissions', () => {
  test('belong to one function each', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function', z.looseObject({ Role: LogicalId }));
    // SNS writes its delivery log with the one role that is no function's.
    // What a data role allows, test/cloudformation/data-roles.test.ts says.
    const ofFunctions = roles.map(([id]) => id).filter((id) => id !== 'SmsDeliveryLogsRole' && !id.endsWith('DataRole'));
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

  test.for([
    [
      'ConsumeNotificationsRole',
      'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem lambda:InvokeFunction sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
    ],
    ['LowAllowanceRole', `${TELL_STORIES} lambda:InvokeFunction secretsmanager:GetSecretValue sns:Publish sqs:SendMessage`],
    ['CreditAlertRole', `${TELL_STORIES} secretsmanager:GetSecretValue ses:SendRawEmail sns:Publish sqs:SendMessage`],
    ['PlanExpiryRole', `${TELL_STORIES} lambda:InvokeFunction secretsmanager:GetSecretValue ses:SendRawEmail sns:Publish sqs:SendMessage`],
    ['WinBackRole', `${TELL_STORIES} lambda:InvokeFunction secretsmanager:GetSecretValue sns:Publish sqs:SendMessage`],
    ['RenewalFailedRole', `${TELL_STORIES} secretsmanager:GetSecretValue ses:SendRawEmail sns:Publish sqs:SendMessage`],
    ['RenewalSucceededRole', `${TELL_STORIES} secretsmanager:GetSecretValue sns:Publish sqs:SendMessage`],
    ['RolloverRole', `${TELL_STORIES} secretsmanager:GetSecretValue sns:Publish sqs:SendMessage`],
    ['WelcomeRole', `${TELL_STORIES} secretsmanager:GetSecretValue ses:SendRawEmail sns:Publish sqs:SendMessage`],
    [
      'RetentionOfferRole',
      `${TELL_STORIES} lambda:SendDurableExecutionCallbackSuccess secretsmanager:GetSecretValue ses:SendRawEmail sns:Publish sqs:SendMessage`,
    ],
    ['OfferPagesRole', 'dynamodb:GetItem dynamodb:UpdateItem lambda:SendDurableExecutionCallbackSuccess'],
    ['ProfilesApiRole', ''],
    ['ProfilesApiDataRole', 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem dynamodb:UpdateItem'],
    ['OperationsApiRole', 'lambda:InvokeFunction lambda:InvokeFunction sqs:SendMessage'],
    ['OperationsApiDataRole', 'dynamodb:GetItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem'],
    [
      'ReplayRole',
      'dynamodb:GetItem dynamodb:Query dynamodb:UpdateItem lambda:CheckpointDurableExecution lambda:GetDurableExecutionState lambda:InvokeFunction lambda:InvokeFunction sqs:SendMessage',
    ],
    [
      'DeadLettersApiRole',
      'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem lambda:InvokeFunction lambda:InvokeFunction lambda:InvokeFunction lambda:ListDurableExecutionsByFunction sqs:DeleteMessage sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueAttributes sqs:GetQueueAttributes sqs:ListMessageMoveTasks sqs:ReceiveMessage sqs:ReceiveMessage sqs:SendMessage sqs:StartMessageMoveTask',
    ],
    ['OffersApiRole', ''],
    ['OffersApiDataRole', 'dynamodb:GetItem dynamodb:Query'],
    ['DemoApiRole', ''],
    ['DemoApiDataRole', 'dynamodb:GetItem dynamodb:Query'],
    ['LookupApiRole', ''],
    ['LookupApiDataRole', 'dynamodb:GetItem dynamodb:Query'],
    [
      'RecordEmailReceiptsRole',
      'dynamodb:GetItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
    ],
    ['StopMarketingRole', 'dynamodb:GetItem dynamodb:PutItem sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage'],
    ['RecordSmsReceiptsRole', 'dynamodb:GetItem dynamodb:UpdateItem sqs:SendMessage'],
    [
      'TakeSmsRepliesRole',
      'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem dynamodb:UpdateItem dynamodb:UpdateItem dynamodb:UpdateItem lambda:SendDurableExecutionCallbackSuccess sns:Publish sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage',
    ],
    ['PublicPagesRole', 'dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem'],
    ['ApiDocumentsRole', ''],
    ['TokenClaimsRole', ''],
  ] as const)('of %s are what its function does, beside writing its own log', ([role, actions]) => {
    expect(actionsOf(role).join(' ')).toBe(actions);
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
    expect(without.filter((id) => !id.endsWith('DataRole'))).toEqual(['SmsDeliveryLogsRole']);
    for (const [, { ManagedPolicyArns }] of traced) expect(ManagedPolicyArns ?? [{ Ref: id }]).toEqual([{ Ref: id }]);
    const functions = resourcesOf(template, 'AWS::Lambda::Function', z.looseObject({ TracingConfig: z.object({ Mode: z.string() }) }));
    for (const [, { TracingConfig }] of functions) expect(TracingConfig.Mode).toBe('Active');
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

/** Every policy statement anywhere in the template: of roles, queues and buckets. */
function allStatements(value: unknown): z.infer<typeof Statement>[] {
  if (typeof value !== 'object' || value === null) return [];
  const document = Document.safeParse(value);
  return document.success ? document.data.Statement : Object.values(value).flatMap(allStatements);
}
