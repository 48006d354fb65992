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

/** Which rule or topic sends to a queue or its dead-letter queue. */
function sourceOf(queue: string): string {
  if (queue.includes('sms-replies')) return arn('sns', `${PREFIX}-sms-replies`);
  if (queue.includes('email')) return arn('events', `rule/${PREFIX}-email-receipts`);
  return arn('events', queue.includes('pause-marketing') ? `rule/${PREFIX}-marketing-pause` : `rule/${BUS}/${PREFIX}`);
}

function queueAttributes(name: string): Record<string, string> {
  const source = sourceOf(name);
  const statement = {
    Sid: 'OnlyTheRuleSends',
    Effect: 'Allow',
    Principal: { Service: `${source.split(':')[2]}.amazonaws.com` },
    Action: 'sqs:SendMessage',
    Resource: arn('sqs', name),
    Condition: { ArnEquals: { 'aws:SourceArn': source } },
  };
  const redrive = { deadLetterTargetArn: arn('sqs', `${name}-dead-letters`), maxReceiveCount: 125 };
  return {
    QueueArn: arn('sqs', name),
    VisibilityTimeout: '180',
    MessageRetentionPeriod: '1209600',
    SqsManagedSseEnabled: 'true',
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    ...(name.endsWith('-dead-letters') ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
  };
}

/** Which queues a rule leads to. */
const LEADS: Record<string, [string, string]> = {
  [PREFIX]: ['consume-notifications', 'rule-dead-letters'],
  [`${PREFIX}-email-receipts`]: ['record-email-receipts', 'email-receipts-rule-dead-letters'],
  [`${PREFIX}-marketing-pause`]: ['pause-marketing', 'pause-marketing-dead-letters'],
};

function targetsOf(rule: string): object[] {
  const leads = LEADS[rule];
  if (leads === undefined) return [{ Id: 'log', Arn: arn('logs', `log-group:/aws/events/${BUS}`) }];
  const [queue, deadLetters] = leads;
  return [{ Id: queue, Arn: arn('sqs', `${PREFIX}-${queue}`), DeadLetterConfig: { Arn: arn('sqs', `${PREFIX}-${deadLetters}`) } }];
}

/** A stack as CloudFormation lists it, by the ids of what it made. */
export function stackThatMade(...ids: string[]): Pick<AwsAnswers, 'DescribeStacks' | 'ListStackResources'> {
  const parameter = '<member><ParameterKey>SmsSpendLimitUsd</ParameterKey><ParameterValue>500</ParameterValue></member>';
  const made = ids.map(
    (id) => `<member><PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
  );
  return {
    DescribeStacks: () => ({ xml: `<Stacks><member><Parameters>${parameter}</Parameters></member></Stacks>` }),
    ListStackResources: () => ({ xml: `<StackResourceSummaries>${made.join('')}</StackResourceSummaries>` }),
  };
}

const announced = {
  Name: 'receipts',
  Enabled: true,
  MatchingEventTypes: ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'],
  EventBridgeDestination: { EventBusArn: arn('events', 'event-bus/default') },
};
const toThePeople = `<member><SubscriptionArn>${arn('sns', `${PREFIX}-alarms`)}:1</SubscriptionArn></member>`;
const toTheQueue = `<member><SubscriptionArn>${arn('sns', `${PREFIX}-sms-replies`)}:2</SubscriptionArn><Endpoint>${arn('sqs', `${PREFIX}-take-sms-replies`)}</Endpoint></member>`;
const redriveOfTexts = JSON.stringify({ deadLetterTargetArn: arn('sqs', `${PREFIX}-take-sms-replies-dead-letters`) });
const attribute = (name: string, text: string) => `<entry><key>${name}</key><value>${text}</value></entry>`;

/** What AWS answers of an account in which everything is as the doctor wants it. */
export function soundAccount(): AwsAnswers {
  return {
    GetCallerIdentity: () => ({ xml: '<Account>111122223333</Account>' }),
    ...stackThatMade(PREFIX),
    DescribeEventBus: () => ({ json: { Name: BUS, Policy: JSON.stringify(busPolicy) } }),
    ListArchives: () => ({ json: { Archives: [{ ArchiveName: BUS, State: 'ENABLED' }] } }),
    ListRules: () => ({ json: { Rules: [{ Name: `${BUS}-everything-to-the-log` }, { Name: PREFIX }] } }),
    ListTargetsByRule: ({ Rule }) => ({ json: { Targets: targetsOf(String(Rule)) } }),
    DescribeLogGroups: () => ({ json: { logGroups: [{ logGroupName: `/aws/events/${BUS}`, retentionInDays: 7 }] } }),
    DescribeResourcePolicies: () => ({ json: { resourcePolicies: [{ policyName: 'trust', policyDocument: JSON.stringify(logPolicy) }] } }),
    DescribeRule: () => ({ json: { Name: PREFIX, State: 'ENABLED', EventPattern: '{"account":["266643203619","799148289882"]}' } }),
    GetQueueUrl: ({ QueueName }) => ({ json: { QueueUrl: `http://queues.test/111122223333/${QueueName}` } }),
    GetQueueAttributes: ({ QueueUrl }) => ({ json: { Attributes: queueAttributes(String(QueueUrl).split('/').at(-1) ?? '') } }),
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
    ListSubscriptionsByTopic: ({ TopicArn }) => ({
      xml: `<Subscriptions>${String(TopicArn).endsWith('-alarms') ? toThePeople : toTheQueue}</Subscriptions>`,
    }),
    GetSubscriptionAttributes: () => ({
      xml: `<Attributes>${attribute('RawMessageDelivery', 'true')}${attribute('RedrivePolicy', redriveOfTexts)}</Attributes>`,
    }),
  };
}
