import type { AwsAnswers } from '../../builders/aws-stand-in.ts';

const PREFIX = 'totogi-notifications-test';
const PLACE = 'us-east-1:111122223333';
const BUS = 'totogi-notifications';
const arn = (service: string, name: string) => `arn:aws:${service}:${PLACE}:${name}`;

const busPolicy = {
  Version: '2012-10-17',
  Statement: {
    Sid: 'totogi-puts-events',
    Effect: 'Allow',
    Principal: { AWS: ['arn:aws:iam::266643203619:root', 'arn:aws:iam::799148289882:root'] },
    Action: 'events:PutEvents',
    Resource: arn('events', `event-bus/${BUS}`),
  },
};

const logPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'TrustEventsToStoreLogEvent',
      Effect: 'Allow',
      Principal: { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arn('logs', 'log-group:/aws/events/*:*'),
    },
  ],
};

/** A stack with a parameter and the output that doctor reads. */
const stack =
  '<Stacks><member><Parameters><member><ParameterKey>SmsSpendLimitUsd</ParameterKey><ParameterValue>500</ParameterValue></member></Parameters>' +
  '<Outputs><member><OutputKey>HttpApiUrl</OutputKey><OutputValue>https://api.test</OutputValue></member></Outputs></member></Stacks>';

const announced = {
  Name: 'receipts',
  Enabled: true,
  MatchingEventTypes: ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'],
  EventBridgeDestination: { EventBusArn: arn('events', 'event-bus/default') },
};
const toThePeople = `<member><SubscriptionArn>${arn('sns', `${PREFIX}-alarms`)}:1</SubscriptionArn></member>`;

/** What AWS answers of an account in which everything is as the doctor wants it. */
export function soundAccount(): AwsAnswers {
  return {
    GetCallerIdentity: () => ({ xml: '<Account>111122223333</Account>' }),
    DescribeStacks: () => ({ xml: stack }),
    DescribeEventBus: () => ({ json: { Name: BUS, Policy: JSON.stringify(busPolicy) } }),
    ListRules: () => ({ json: { Rules: [{ Name: `${BUS}-everything-to-the-log` }] } }),
    ListTargetsByRule: () => ({ json: { Targets: [{ Id: 'log', Arn: arn('logs', `log-group:/aws/events/${BUS}`) }] } }),
    DescribeLogGroups: () => ({ json: { logGroups: [{ logGroupName: `/aws/events/${BUS}`, retentionInDays: 7 }] } }),
    DescribeResourcePolicies: ({ policyScope }) => ({
      json: { resourcePolicies: policyScope === 'RESOURCE' ? [{ policyDocument: JSON.stringify(logPolicy) }] : [] },
    }),
    DescribeTable: () => ({ json: { Table: { DeletionProtectionEnabled: true } } }),
    DescribeRule: ({ Name }) => ({ json: { Name, State: 'ENABLED' } }),
    GetQueueUrl: ({ QueueName }) => ({ json: { QueueUrl: `http://queues.test/111122223333/${QueueName}` } }),
    GetQueueAttributes: () => ({ json: { Attributes: { ApproximateNumberOfMessages: '0' } } }),
    GetSecretValue: ({ SecretId }) => ({ json: { Name: SecretId, SecretString: '{"key":"the-key","secret":"the-secret"}' } }),
    'POST /totogi/oauth2/token': () => ({ json: { access_token: 'a-token', expires_in: 3600 } }),
    GetItem: () => ({ json: { Item: { version: { S: '6afeb423452a2384' } } } }),
    'GET /v2/email/account': () => ({ json: { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'HEALTHY' } }),
    'GET /v2/email/identities/care@aurora.example': () => ({ error: 'NotFoundException' }),
    'GET /v2/email/identities/aurora.example': () => ({ json: { VerifiedForSendingStatus: true } }),
    'GET /v2/email/configuration-sets/aurora-service/event-destinations': () => ({ json: { EventDestinations: [announced] } }),
    GetSMSSandboxAccountStatus: () => ({ xml: '<IsInSandbox>false</IsInSandbox>' }),
    GetSMSAttributes: () => ({ xml: '<attributes><entry><key>MonthlySpendLimit</key><value>500</value></entry></attributes>' }),
    DescribeProtectConfigurations: () => ({
      json: { ProtectConfigurations: [{ ProtectConfigurationId: 'protect-1', AccountDefault: true }] },
    }),
    GetProtectConfigurationCountryRuleSet: () => ({
      json: { CountryRuleSet: { US: { ProtectStatus: 'ALLOW' }, GB: { ProtectStatus: 'BLOCK' } } },
    }),
    DescribePhoneNumbers: () => ({
      json: {
        PhoneNumbers: [
          {
            PhoneNumber: '+14155550100',
            PhoneNumberId: 'phone-1',
            TwoWayEnabled: true,
            TwoWayChannelArn: arn('sns', `${PREFIX}-sms-replies`),
            SelfManagedOptOutsEnabled: true,
          },
        ],
      },
    }),
    ListSubscriptionsByTopic: () => ({ xml: `<Subscriptions>${toThePeople}</Subscriptions>` }),
  };
}
