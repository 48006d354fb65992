import { expect, test } from 'vitest';
import { stackFromTemplate } from '../../../local/template/packaged-stack.ts';

const place = { region: 'us-east-1', accountId: '000000000000' };

const WORK_ROLE = { 'Fn::GetAtt': ['WorkRole', 'Arn'] };

type Resources = Record<string, { Type: string; Condition?: string; Properties: object }>;

const cors = (AllowOrigins: unknown) => ({
  AllowOrigins,
  AllowMethods: ['GET'],
  AllowHeaders: ['authorization'],
  ExposeHeaders: ['allow'],
  MaxAge: 60,
});

function template(changes: Resources = {}): string {
  const Resources: Resources = {
    WorkLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'totogi-notifications-dev-work',
        Handler: 'src/handlers/work.handler',
        Role: WORK_ROLE,
        Timeout: 30,
        Environment: { Variables: { STAGE: 'dev', TABLE_NAME: { Ref: 'Table' } } },
      },
    },
    SampleLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'totogi-notifications-dev-run',
        Handler: 'src/workflows/run/function.handler',
        Role: WORK_ROLE,
        DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['DeadQueue', 'Arn'] } },
        DurableConfig: { ExecutionTimeout: 5_184_000, RetentionPeriodInDays: 14 },
      },
    },
    SampleAlias: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'durable', FunctionName: { Ref: 'SampleLambdaFunction' } } },
    ForeignLambdaFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'foreign', Handler: 'index.handler', Role: WORK_ROLE },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'totogi-notifications-dev',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
    WorkQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'totogi-notifications-dev-work',
        VisibilityTimeout: 180,
        RedrivePolicy: { maxReceiveCount: 125, deadLetterTargetArn: { 'Fn::GetAtt': ['DeadQueue', 'Arn'] } },
      },
    },
    DeadQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'totogi-notifications-dev-dead' } },
    WorkMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['WorkQueue', 'Arn'] },
        FunctionName: { 'Fn::GetAtt': ['WorkLambdaFunction', 'Arn'] },
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 20 },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { account: { Ref: 'Accounts' } },
        Targets: [{ Id: 'work', Arn: { 'Fn::GetAtt': ['WorkQueue', 'Arn'] } }],
      },
    },
    WorkIntegration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['WorkLambdaFunction', 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    WorkRoute: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: 'GET /work',
        AuthorizationType: 'JWT',
        AuthorizationScopes: ['work'],
        AuthorizerId: { Ref: 'NotLookedAt' },
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'WorkIntegration' }]] },
      },
    },
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        CorsConfiguration: {
          'Fn::If': ['AnyOrigin', cors({ Ref: 'Origins' }), { Ref: 'AWS::NoValue' }],
        },
      },
    },
    ApiStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        DefaultRouteSettings: { ThrottlingRateLimit: '50', ThrottlingBurstLimit: 100 },
        RouteSettings: { 'GET /work': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10 } },
      },
    },
    WorkRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          { PolicyName: 'work', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sns:Publish', NotResource: 'arn:aws:sns:*' }] } },
        ],
      },
    },
    WorkDataRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { AWS: WORK_ROLE }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
        },
        Policies: [
          {
            PolicyName: 'one-tenant',
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: { 'Fn::Sub': `\${Table.Arn}/\${!x}` } }],
            },
          },
        ],
      },
    },
    AbsentRoute: { Type: 'AWS::ApiGatewayV2::Route', Condition: 'Never', Properties: {} },
    ...changes,
  };
  return JSON.stringify({
    Parameters: {
      Accounts: { Type: 'CommaDelimitedList', Default: '111111111111,222222222222' },
      Origins: { Type: 'CommaDelimitedList', Default: '' },
    },
    Conditions: {
      Never: { 'Fn::Equals': [1, 2] },
      AnyOrigin: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'Origins' }] }, ''] }] },
    },
    Resources,
  });
}

test('parameters have the values that are given, in place of their defaults', () => {
  const { gateway, rules } = stackFromTemplate(template(), { ...place, parameters: { Origins: 'https://a.example,https://b.example' } });
  expect(gateway.cors).toEqual({
    origins: ['https://a.example', 'https://b.example'],
    methods: ['GET'],
    headers: ['authorization'],
    exposed: ['allow'],
    maxAgeSeconds: 60,
  });
  expect(rules[0]?.pattern).toEqual({ account: ['111111111111', '222222222222'] });
});

test('a packaged template is read as the stack of the stage local', () => {
  const statements = [{ Effect: 'Allow', Action: ['sns:Publish'], NotResource: ['arn:aws:sns:*'], Condition: {} }];
  const role = { arn: 'arn:aws:iam::000000000000:role/WorkRole', trusts: [], statements };
  expect(stackFromTemplate(template(), place)).toEqual({
    functions: [
      { key: 'work', module: 'src/handlers/work.ts', role, timeoutSeconds: 30 },
      {
        key: 'run',
        module: 'src/workflows/run/function.ts',
        role,
        timeoutSeconds: 3,
        deadLetterQueue: 'totogi-notifications-local-dead',
        durable: { alias: 'durable', executionTimeoutSeconds: 5_184_000, retentionSeconds: 1_209_600 },
      },
    ],
    environment: { STAGE: 'local', TABLE_NAME: 'totogi-notifications-local' },
    gateway: {
      cors: undefined,
      throttling: { ofStage: { perSecond: 50, atOnce: 100 }, ofRoutes: { 'GET /work': { perSecond: 5, atOnce: 10 } } },
    },
    dataRoles: [
      {
        arn: 'arn:aws:iam::000000000000:role/WorkDataRole',
        trusts: ['arn:aws:iam::000000000000:role/WorkRole'],
        statements: [
          {
            Effect: 'Allow',
            Action: ['dynamodb:GetItem'],
            Resource: [`arn:aws:dynamodb:us-east-1:000000000000:table/totogi-notifications-local/\${x}`],
            Condition: {},
          },
        ],
      },
    ],
    table: {
      TableName: 'totogi-notifications-local',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    },
    rules: [
      {
        name: 'Rule',
        pattern: { account: ['111111111111', '222222222222'] },
        targetArns: ['arn:aws:sqs:us-east-1:000000000000:totogi-notifications-local-work'],
        onDefaultBus: true,
      },
    ],
    queues: [
      {
        name: 'totogi-notifications-local-work',
        arn: 'arn:aws:sqs:us-east-1:000000000000:totogi-notifications-local-work',
        functionKey: 'work',
        settings: {
          batchSize: 10,
          maximumBatchingWindowSeconds: 0,
          visibilityTimeoutSeconds: 180,
          maxReceiveCount: 125,
          maximumConcurrency: 20,
          reportBatchItemFailures: true,
          retentionSeconds: 345_600,
          deadLetterQueue: { name: 'totogi-notifications-local-dead', retentionSeconds: 345_600 },
        },
      },
    ],
    deadLetterQueues: [
      {
        name: 'totogi-notifications-local-dead',
        arn: 'arn:aws:sqs:us-east-1:000000000000:totogi-notifications-local-dead',
        retentionSeconds: 345_600,
        visibilityTimeoutSeconds: 30,
      },
    ],
    routes: [{ routeKey: 'GET /work', functionKey: 'work', scopes: ['work'], authorized: true }],
  });
});

test.each([
  {
    title: 'a rule whose target transforms its input',
    changes: {
      Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: {}, Targets: [{ Id: 'work', Arn: 'x', InputPath: '$.detail' }] } },
    },
    named: /Rule \(AWS::Events::Rule\).*InputPath/,
  },
  {
    title: 'an intrinsic function that is not known',
    changes: { Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { account: { 'Fn::GetAZs': '' } }, Targets: [] } } },
    named: /the function Fn::GetAZs/,
  },
  {
    title: 'functions that want the same variable with two values',
    changes: {
      SampleLambdaFunction: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'totogi-notifications-dev-run',
          Handler: 'src/workflows/run/function.handler',
          Role: WORK_ROLE,
          Environment: { Variables: { TABLE_NAME: 'other' } },
        },
      },
    },
    named: /TABLE_NAME is both "totogi-notifications-local" and "other"/,
  },
])('$title is refused by name', ({ changes, named }) => {
  expect(() => stackFromTemplate(template(changes), place)).toThrow(named);
});
