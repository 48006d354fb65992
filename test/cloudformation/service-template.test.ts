import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { DEAD_LETTER_QUEUES } from '../../src/schemas/operations/dead-letters.ts';
import { WORKFLOWS } from '../../src/schemas/run/workflow.ts';
import { LogicalId, resourcesOf, serviceTemplate } from './templates.ts';

const HOURS = 3600;
const DAYS = 24 * HOURS;
const workflows = [...WORKFLOWS, 'replay'].map((name) => `totogi-notifications-dev-${name}`).sort();

const template = serviceTemplate();
const functions = resourcesOf(
  template,
  'AWS::Lambda::Function',
  z.looseObject({
    FunctionName: z.string(),
    Timeout: z.number(),
    Role: LogicalId,
    DeadLetterConfig: z.object({ TargetArn: LogicalId }).optional(),
    DurableConfig: z.object({ ExecutionTimeout: z.number() }).optional(),
  }),
);
const queues = new Map(
  resourcesOf(
    template,
    'AWS::SQS::Queue',
    z.looseObject({
      VisibilityTimeout: z.number().optional(),
      MessageRetentionPeriod: z.number(),
      RedrivePolicy: z.object({ deadLetterTargetArn: LogicalId, maxReceiveCount: z.number() }).optional(),
    }),
  ),
);
const rules = resourcesOf(
  template,
  'AWS::Events::Rule',
  z.looseObject({
    EventPattern: z.record(z.string(), z.unknown()),
    Targets: z.array(z.looseObject({ Arn: LogicalId, DeadLetterConfig: z.object({ Arn: LogicalId }) })),
  }),
);
const mappings = resourcesOf(
  template,
  'AWS::Lambda::EventSourceMapping',
  z.looseObject({ EventSourceArn: LogicalId, FunctionName: LogicalId, BatchSize: z.number() }),
);

describe('the way in', () => {
  test.for([
    ['ConsumeNotificationsQueue', 'ConsumeDashnotificationsLambdaFunction', 20, 10],
    ['RecordEmailReceiptsQueue', 'RecordDashemailDashreceiptsLambdaFunction', 5, 10],
    ['TakeSmsRepliesQueue', 'TakeDashsmsDashrepliesLambdaFunction', 5, 10],
    ['PauseMarketingQueue', 'PauseDashmarketingLambdaFunction', 2, 1],
  ] as const)(
    'from %s is one mapping that reports failures one by one, with a limit on how many run at once',
    ([queue, name, most, BatchSize]) => {
      expect(mappings).toHaveLength(4);
      expect(mappings.filter(([, mapping]) => mapping.EventSourceArn === queue).map(([, mapping]) => mapping)).toEqual([
        expect.objectContaining({
          FunctionName: name,
          BatchSize,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: most },
        }),
      ]);
    },
  );

  test.for(mappings)('%s hides a message for at least six times as long as its function may run', ([, mapping]) => {
    const timeout = functions.find(([id]) => id === mapping.FunctionName)?.[1].Timeout;
    expect(timeout).toBeGreaterThan(0);
    expect(queues.get(mapping.EventSourceArn)?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(timeout));
  });

  test.for(mappings)('%s tries for at least six hours before a dead-letter queue sees anything', ([, mapping]) => {
    const queue = queues.get(mapping.EventSourceArn);
    expect(Number(queue?.VisibilityTimeout) * Number(queue?.RedrivePolicy?.maxReceiveCount)).toBeGreaterThanOrEqual(6 * HOURS);
  });

  test('takes only what the accounts of Totogi sent', () => {
    expect(rules.map(([id]) => id).sort()).toEqual(['EmailReceiptsRule', 'MarketingPauseRule', 'NotificationsRule']);
    expect(rules.find(([id]) => id === 'NotificationsRule')?.[1].EventPattern).toEqual({ account: { Ref: 'TotogiAccounts' } });
    expect(template.Parameters.TotogiAccounts).toMatchObject({ Type: 'CommaDelimitedList', Default: '266643203619,799148289882' });
  });

  test('opens its queues to the rule alone, before the rule is there', () => {
    const policies = resourcesOf(
      template,
      'AWS::SQS::QueuePolicy',
      z.looseObject({ Queues: z.array(LogicalId), PolicyDocument: z.looseObject({ Statement: z.array(z.unknown()) }) }),
    );
    const targets = rules.flatMap(([, rule]) => rule.Targets.flatMap((target) => [target.Arn, target.DeadLetterConfig.Arn]));
    const ofTopic = ['TakeSmsRepliesQueue', 'TakeSmsRepliesDeadLetterQueue'];
    expect(policies.flatMap(([, policy]) => policy.Queues).sort()).toEqual([...targets, ...ofTopic].sort());
    for (const [id, policy] of policies.filter(([, { Queues }]) =>
      ['ConsumeNotificationsQueue', 'NotificationsRuleDeadLetterQueue'].includes(String(Queues)),
    )) {
      expect(policy.PolicyDocument.Statement).toEqual([
        expect.objectContaining({
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Condition: {
            ArnEquals: {
              'aws:SourceArn': { 'Fn::Sub': [expect.stringMatching(/rule\/\$\{BusName\}\/totogi-notifications-dev$/), expect.anything()] },
            },
          },
        }),
      ]);
      expect(template.Resources.NotificationsRule?.DependsOn).toContain(id);
    }
  });
});

describe('dead-letter queues', () => {
  const deadLetterQueues = [
    ...[...queues.values()].flatMap((queue) => queue.RedrivePolicy?.deadLetterTargetArn ?? []),
    ...rules.flatMap(([, rule]) => rule.Targets.map((target) => target.DeadLetterConfig.Arn)),
    ...functions.flatMap(([, properties]) => properties.DeadLetterConfig?.TargetArn ?? []),
  ];

  test('stand behind the queue, every rule target and every workflow', () => {
    expect(new Set(deadLetterQueues)).toEqual(
      new Set([
        'ConsumeNotificationsDeadLetterQueue',
        'RecordEmailReceiptsDeadLetterQueue',
        'TakeSmsRepliesDeadLetterQueue',
        'NotificationsRuleDeadLetterQueue',
        'EmailReceiptsRuleDeadLetterQueue',
        'WorkflowsDeadLetterQueue',
        'RecordSmsReceiptsDeadLetterQueue',
        'PauseMarketingDeadLetterQueue',
      ]),
    );
    for (const [, rule] of rules) expect(rule.Targets.length).toBeGreaterThan(0);
  });

  test('are each known to the API that redrives them, with where their messages go', () => {
    const nameOf = (id: string) => String(queues.get(id)?.QueueName).slice('totogi-notifications-dev-'.length);
    const known = Object.keys(DEAD_LETTER_QUEUES).map((name) => `${name}-dead-letters`);
    expect(known.sort()).toEqual([...new Set(deadLetterQueues.map((id) => nameOf(String(id))))].sort());
    // SQS moves from dead-letter queues of queues, and from no others.
    const ofQueues = [...queues.values()].flatMap(({ RedrivePolicy }) => RedrivePolicy?.deadLetterTargetArn ?? []);
    const moved = Object.entries(DEAD_LETTER_QUEUES).flatMap(([name, { way }]) => (way === 'move' ? [`${name}-dead-letters`] : []));
    expect(moved.sort()).toEqual(ofQueues.map(nameOf).sort());
  });

  test('keep what they get for 14 days', () => {
    for (const id of deadLetterQueues) expect(queues.get(id)?.MessageRetentionPeriod).toBe(14 * DAYS);
  });

  test('and all other queues use keys of SQS, never the AWS-managed KMS key', () => {
    for (const queue of queues.values()) {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true });
      expect(queue).not.toHaveProperty('KmsMasterKeyId');
    }
  });
});

describe('functions', () => {
  test('are the files of src/handlers, and the workflows', () => {
    const keys = [...readdirSync('src/handlers').map((file) => file.replace(/\.ts$/, '')), ...WORKFLOWS];
    expect(functions.map(([, { FunctionName }]) => FunctionName).sort()).toEqual(
      keys.map((key) => `totogi-notifications-dev-${key}`).sort(),
    );
  });

  test('that are workflows run for up to 60 days, have a dead-letter queue and the alias `durable`', () => {
    const durable = functions.filter(([, properties]) => properties.DurableConfig !== undefined);
    expect(durable.map(([, { FunctionName }]) => FunctionName).sort()).toEqual(workflows);
    for (const [, properties] of durable) {
      expect(properties.DurableConfig?.ExecutionTimeout).toBe(60 * DAYS);
      expect(properties.DeadLetterConfig?.TargetArn).toBe('WorkflowsDeadLetterQueue');
    }
    const aliases = resourcesOf(template, 'AWS::Lambda::Alias', z.looseObject({ Name: z.string(), FunctionName: LogicalId }));
    expect(aliases.map(([, alias]) => [alias.FunctionName, alias.Name]).sort()).toEqual(durable.map(([id]) => [id, 'durable']).sort());
  });

  test('keep the versions that runs may still be on', () => {
    const versions = Object.values(template.Resources).filter((resource) => resource.Type === 'AWS::Lambda::Version');
    expect(versions).toHaveLength(workflows.length);
    for (const version of versions) expect(version.DeletionPolicy).toBe('Retain');
  });

  test('that are workflows have nothing in their environment that could change without a new version', () => {
    // Where a stack stands never changes.
    const fixed = /\$\{AWS::(Partition|AccountId|Region)\}/g;
    for (const [, properties] of functions.filter(([, { DurableConfig }]) => DurableConfig !== undefined)) {
      const environment = JSON.stringify(properties.Environment).replaceAll(fixed, '');
      expect(environment.replaceAll('{"Fn::Sub":"', '')).not.toMatch(/\$\{|Ref|Fn::/);
    }
  });

  test('log to groups that forget', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup', z.looseObject({ LogGroupName: z.unknown(), RetentionInDays: z.number() }));
    const names = groups.map(([, group]) => group.LogGroupName);
    for (const [, { FunctionName }] of functions) expect(names).toContain(`/aws/lambda/${FunctionName}`);
  });
});

test('the table outlives the stack, can be restored to any second, and forgets what has expired', () => {
  expect(template.Resources.NotificationsTable).toMatchObject({
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    },
  });
});

test('a stage is at most 12 characters, so that names of executions fit', () => {
  expect(template.Parameters.Stage).toMatchObject({ Default: 'dev', MaxLength: 12 });
});
