import { expect } from 'vitest';
import type { AwsAnswers } from '../../builders/aws-stand-in.ts';

const PREFIX = 'totogi-notifications-test';
const SECRET = 'totogi-notifications/test/mvno-aurora/totogi';

/** One answer changed, and what the check makes of it: about what, what it says, and the command that fixes it. */
export type Fault = { check: string; change: (answers: AwsAnswers) => void; about: string; detail: string; remedy: string };

export const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
export const queueUrl = (name: string) => `http://queues.test/111122223333/${PREFIX}-${name}`;
export const ofQueue = (name: string, attributes: Record<string, string | undefined>) => (table: AwsAnswers) => {
  const sound = table.GetQueueAttributes;
  table.GetQueueAttributes = (request) => {
    const answer = sound?.(request) ?? { error: 'none' };
    if (request.QueueUrl !== queueUrl(name) || !('json' in answer)) return answer;
    const { Attributes } = answer.json as { Attributes: Record<string, string> };
    return { json: { Attributes: { ...Attributes, ...attributes } } };
  };
};

export const FAULTS: Fault[] = [
  {
    check: 'event-bus',
    change: (table) => {
      const Policy = policyOf({
        Sid: 'open',
        Effect: 'Allow',
        Principal: { AWS: ['266643203619', 'arn:aws:iam::799148289882:root', '444455556666'] },
        Action: 'events:PutEvents',
        Resource: '*',
      });
      table.DescribeEventBus = () => ({ json: { Name: 'totogi-notifications', Policy } });
    },
    about: 'totogi-notifications',
    detail: '444455556666 (statement open) may put events too',
    remedy: `aws events put-permission --event-bus-name totogi-notifications --policy '{"Version":"2012-10-17","Statement":[{"Sid":"open","Effect":"Allow","Principal":{"AWS":["266643203619","arn:aws:iam::799148289882:root"]},"Action":"events:PutEvents","Resource":"*"}]}'`,
  },
  {
    check: 'event-bus',
    change: (table) => {
      const everybody = { Effect: 'Allow', Principal: '*', Action: 'events:*', Resource: '*' };
      const denied = { Effect: 'Deny', Principal: { AWS: '777788889999' }, Action: 'events:*', Resource: '*' };
      const own = {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:role/sender' },
        Action: 'events:PutEvents',
        Resource: '*',
      };
      const others = { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'events:PutRule', Resource: '*' };
      const Policy = JSON.stringify({ Version: '2012-10-17', Id: 'ours', Statement: [everybody, denied, own, others] });
      table.DescribeEventBus = () => ({ json: { Name: 'totogi-notifications', Policy } });
    },
    about: 'totogi-notifications',
    detail: '* (a statement without Sid) may put events too',
    remedy: `aws events put-permission --event-bus-name totogi-notifications --policy '${JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Deny', Principal: { AWS: '777788889999' }, Action: 'events:*', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/sender' }, Action: 'events:PutEvents', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'events:PutRule', Resource: '*' },
        ...['266643203619', '799148289882'].map((account) => ({
          Sid: `totogi-${account}`,
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'events:PutEvents',
          Resource: 'arn:aws:events:us-east-1:111122223333:event-bus/totogi-notifications',
        })),
      ],
      Id: 'ours',
    })}'`,
  },
  {
    check: 'event-bus',
    change: (table) => {
      const statement = { Effect: 'Allow', Principal: { AWS: '266643203619' }, Action: 'events:*', Resource: '*' };
      table.DescribeEventBus = () => ({ json: { Name: 'totogi-notifications', Policy: policyOf(statement) } });
    },
    about: 'totogi-notifications',
    detail: "Totogi's account 799148289882 may not put events",
    remedy:
      'aws events put-permission --event-bus-name totogi-notifications --action events:PutEvents --principal 799148289882 --statement-id totogi-799148289882',
  },
  {
    check: 'event-archive',
    change: (table) => {
      table.ListArchives = () => ({ json: { Archives: [{ ArchiveName: 'old', State: 'DISABLED' }] } });
    },
    about: 'totogi-notifications',
    detail: 'is not archived',
    remedy:
      'aws events create-archive --archive-name totogi-notifications --event-source-arn arn:aws:events:us-east-1:111122223333:event-bus/totogi-notifications --retention-days 30',
  },
  {
    check: 'event-log',
    change: (table) => {
      table.DescribeLogGroups = () => ({ json: { logGroups: [{ logGroupName: '/aws/events/totogi-notifications' }] } });
    },
    about: '/aws/events/totogi-notifications',
    detail: 'keeps events for ever',
    remedy: 'aws logs put-retention-policy --log-group-name /aws/events/totogi-notifications --retention-in-days 7',
  },
  {
    check: 'event-log',
    change: (table) => {
      table.DescribeResourcePolicies = () => ({
        json: {
          resourcePolicies: [
            {
              policyName: 'other',
              policyDocument: policyOf({ Effect: 'Allow', Principal: { Service: 'es.amazonaws.com' }, Action: 'logs:*', Resource: '*' }),
            },
          ],
        },
      });
    },
    about: '/aws/events/totogi-notifications',
    detail:
      'EventBridge may not write to it: no resource policy allows logs:CreateLogStream and logs:PutLogEvents (the Region has 1, and takes ten)',
    remedy: `aws logs put-resource-policy --policy-name TrustEventsToStoreLogEvent --policy-document '{"Version":"2012-10-17","Statement":[{"Sid":"TrustEventsToStoreLogEvent","Effect":"Allow","Principal":{"Service":["delivery.logs.amazonaws.com","events.amazonaws.com"]},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/*:*"}]}'`,
  },
  {
    check: 'notifications-rule',
    change: (table) => {
      table.DescribeRule = () => ({
        json: { Name: PREFIX, State: 'DISABLED', EventPattern: '{"account":["266643203619","799148289882"]}' },
      });
    },
    about: PREFIX,
    detail: 'is off',
    remedy: `aws events enable-rule --name ${PREFIX} --event-bus-name totogi-notifications`,
  },
  {
    check: 'notifications-rule',
    change: (table) => {
      table.DescribeRule = () => ({ json: { Name: PREFIX, State: 'ENABLED', EventPattern: '{"source":["totogi"]}' } });
    },
    about: PREFIX,
    detail: "takes anybody's events",
    remedy: `aws events put-rule --name ${PREFIX} --event-bus-name totogi-notifications --event-pattern '{"account":["266643203619","799148289882"]}'`,
  },
  {
    check: 'notifications-rule',
    change: (table) => {
      const target = { Id: 'a', Arn: `arn:aws:sqs:us-east-1:111122223333:${PREFIX}-consume-notifications` };
      table.ListTargetsByRule = () => ({ json: { Targets: [target] } });
    },
    about: PREFIX,
    detail: 'has no dead-letter queue of this stack',
    remedy: `aws events put-targets --rule ${PREFIX} --event-bus-name totogi-notifications --targets '[{"Id":"a","Arn":"arn:aws:sqs:us-east-1:111122223333:${PREFIX}-consume-notifications","DeadLetterConfig":{"Arn":"arn:aws:sqs:us-east-1:111122223333:${PREFIX}-rule-dead-letters"}}]'`,
  },
  {
    check: 'queues',
    change: ofQueue('consume-notifications', { VisibilityTimeout: '30' }),
    about: `${PREFIX}-consume-notifications`,
    detail: 'gives up after 1.04 hours',
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('consume-notifications')} --attributes '{"RedrivePolicy":"{\\"deadLetterTargetArn\\":\\"arn:aws:sqs:us-east-1:111122223333:${PREFIX}-consume-notifications-dead-letters\\",\\"maxReceiveCount\\":\\"125\\"}","VisibilityTimeout":"180"}'`,
  },
  {
    check: 'queues',
    change: ofQueue('rule-dead-letters', { MessageRetentionPeriod: '345600' }),
    about: `${PREFIX}-rule-dead-letters`,
    detail: 'keeps what failed for 4 days only',
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('rule-dead-letters')} --attributes '{"MessageRetentionPeriod":"1209600"}'`,
  },
  {
    check: 'queue-policies',
    change: ofQueue('rule-dead-letters', {
      Policy: policyOf({ Sid: 'mine', Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:*', Resource: '*' }),
    }),
    about: `${PREFIX}-rule-dead-letters`,
    detail: `refuses what the rule ${PREFIX} sends`,
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('rule-dead-letters')} --attributes '${JSON.stringify({
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Sid: 'mine', Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sqs:*', Resource: '*' },
          {
            Sid: 'OnlyTheRuleSends',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: `arn:aws:sqs:us-east-1:111122223333:${PREFIX}-rule-dead-letters`,
            Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:us-east-1:111122223333:rule/totogi-notifications/${PREFIX}` } },
          },
        ],
      }),
    })}'`,
  },
  {
    check: 'queue-encryption',
    change: ofQueue('email-receipts-rule-dead-letters', { KmsMasterKeyId: 'alias/aws/sqs' }),
    about: `${PREFIX}-email-receipts-rule-dead-letters`,
    detail: 'is encrypted with an AWS-managed key, which EventBridge cannot use',
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('email-receipts-rule-dead-letters')} --attributes '{"KmsMasterKeyId":"","SqsManagedSseEnabled":"true"}'`,
  },
  {
    check: 'queue-policies',
    change: ofQueue('pause-marketing-dead-letters', { Policy: undefined }),
    about: `${PREFIX}-pause-marketing-dead-letters`,
    detail: `refuses what the rule ${PREFIX}-marketing-pause sends`,
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('pause-marketing-dead-letters')} --attributes '${JSON.stringify({
      Policy: policyOf({
        Sid: 'OnlyTheRuleSends',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:us-east-1:111122223333:${PREFIX}-pause-marketing-dead-letters`,
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:us-east-1:111122223333:rule/${PREFIX}-marketing-pause` } },
      }),
    })}'`,
  },
  {
    check: 'default-bus-rules',
    change: (table) => {
      const sound = table.ListTargetsByRule;
      table.ListTargetsByRule = (request) =>
        request.Rule === `${PREFIX}-email-receipts` ? { json: { Targets: [] } } : (sound?.(request) ?? { error: 'none' });
    },
    about: `${PREFIX}-email-receipts`,
    detail: 'does not lead to the queue record-email-receipts',
    remedy: `aws events put-targets --rule ${PREFIX}-email-receipts --targets '[{"Id":"record-email-receipts","Arn":"arn:aws:sqs:us-east-1:111122223333:${PREFIX}-record-email-receipts","DeadLetterConfig":{"Arn":"arn:aws:sqs:us-east-1:111122223333:${PREFIX}-email-receipts-rule-dead-letters"}}]'`,
  },
  {
    check: 'default-bus-rules',
    change: (table) => {
      table.DescribeRule = ({ Name }) => ({ json: { Name, State: String(Name).endsWith('-marketing-pause') ? 'DISABLED' : 'ENABLED' } });
    },
    about: `${PREFIX}-marketing-pause`,
    detail: 'is off',
    remedy: `aws events enable-rule --name ${PREFIX}-marketing-pause`,
  },
  {
    check: 'totogi-keys',
    change: (table) => {
      table.GetSecretValue = () => ({ error: 'ResourceNotFoundException' });
    },
    about: 'mvno-aurora',
    detail: `there is no secret ${SECRET}`,
    remedy: `aws secretsmanager create-secret --name ${SECRET} --secret-string '{"key":"<key>","secret":"<secret>"}'`,
  },
  {
    check: 'totogi-keys',
    change: (table) => {
      table.GetSecretValue = () => ({ json: { SecretString: '{"username":"the-key"}' } });
    },
    about: 'mvno-aurora',
    detail: `the secret ${SECRET} is not of the form {"key":"<key>","secret":"<secret>"}`,
    remedy: `aws secretsmanager put-secret-value --secret-id ${SECRET} --secret-string '{"key":"<key>","secret":"<secret>"}'`,
  },
  {
    check: 'totogi-keys',
    change: (table) => {
      table['POST /totogi/oauth2/token'] = () => ({ error: 'invalid_client' });
    },
    about: 'mvno-aurora',
    detail: expect.stringMatching(/\/totogi\/oauth2\/token gives no token for the secret /),
    remedy: `aws secretsmanager put-secret-value --secret-id ${SECRET} --secret-string '{"key":"<key>","secret":"<secret>"}'`,
  },
  {
    check: 'configuration',
    change: (table) => {
      table.GetItem = () => ({ json: {} });
    },
    about: 'mvno-aurora',
    detail: 'has no version in force',
    remedy: 'AWS_REGION=us-east-1 AWS_ENDPOINT_URL={url} npm run config:publish -- --stage test',
  },
  {
    check: 'email-account',
    change: (table) => {
      table['GET /v2/email/account'] = () => ({
        json: { ProductionAccessEnabled: true, SendingEnabled: false, EnforcementStatus: 'HEALTHY' },
      });
    },
    about: 'SES',
    detail: 'has sending switched off',
    remedy: 'aws sesv2 put-account-sending-attributes --sending-enabled',
  },
  {
    check: 'email-account',
    change: (table) => {
      table['GET /v2/email/account'] = () => ({ json: { ProductionAccessEnabled: false, SendingEnabled: true } });
    },
    about: 'SES',
    detail: 'is in the sandbox',
    remedy:
      "aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url '<your website>' --use-case-description '<whom you write to, and why>'",
  },
  {
    check: 'email-account',
    change: (table) => {
      const underReview = { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'PROBATION' };
      table['GET /v2/email/account'] = () => ({ json: underReview });
    },
    about: 'SES',
    detail: 'is in the state PROBATION: AWS has opened a case',
    remedy:
      '# answer the case at https://console.aws.amazon.com/support/home; the reasons: "Reputation metrics" at https://us-east-1.console.aws.amazon.com/ses/home?region=us-east-1',
  },
  {
    check: 'email-identities',
    change: (table) => {
      table['GET /v2/email/identities/care@aurora.example'] = () => ({ json: { VerifiedForSendingStatus: false } });
      table['GET /v2/email/identities/aurora.example'] = () => ({ error: 'NotFoundException' });
    },
    about: 'care@aurora.example',
    detail: 'waits to be confirmed by the mail that SES sent there, whose link is good for a day; the command sends it again',
    remedy: 'aws ses verify-email-identity --email-address care@aurora.example',
  },
  {
    check: 'email-identities',
    change: (table) => {
      table['GET /v2/email/identities/aurora.example'] = () => ({ json: { VerifiedForSendingStatus: false } });
    },
    about: 'care@aurora.example',
    detail: 'its domain aurora.example waits to be verified: enter the tokens of this answer as CNAME records',
    remedy: 'aws sesv2 get-email-identity --email-identity aurora.example',
  },
  {
    check: 'email-identities',
    change: (table) => {
      delete table['GET /v2/email/identities/aurora.example'];
      table['GET /v2/email/identities/aurora.example'] = () => ({ error: 'NotFoundException' });
    },
    about: 'care@aurora.example',
    detail: 'is not verified, and neither is its domain',
    remedy: 'aws sesv2 create-email-identity --email-identity aurora.example',
  },
  {
    check: 'email-receipts',
    change: (table) => {
      table['GET /v2/email/configuration-sets/aurora-service/event-destinations'] = () => ({ json: { EventDestinations: [] } });
    },
    about: 'aurora-service',
    detail: 'does not report to EventBridge: DELIVERY, BOUNCE, COMPLAINT, REJECT',
    remedy: `aws sesv2 create-configuration-set-event-destination --configuration-set-name aurora-service --event-destination-name receipts --event-destination '{"Enabled":true,"MatchingEventTypes":["DELIVERY","BOUNCE","COMPLAINT","REJECT"],"EventBridgeDestination":{"EventBusArn":"arn:aws:events:us-east-1:111122223333:event-bus/default"}}'`,
  },
  {
    check: 'email-receipts',
    change: (table) => {
      const EventBridgeDestination = { EventBusArn: 'arn:aws:events:us-east-1:111122223333:event-bus/default' };
      const off = { Name: 'old', Enabled: false, MatchingEventTypes: ['SEND'], EventBridgeDestination };
      const part = { Name: 'ours', Enabled: true, MatchingEventTypes: ['OPEN', 'BOUNCE'], EventBridgeDestination };
      table['GET /v2/email/configuration-sets/aurora-service/event-destinations'] = () => ({ json: { EventDestinations: [off, part] } });
    },
    about: 'aurora-service',
    detail: 'does not report to EventBridge: DELIVERY, COMPLAINT, REJECT',
    remedy: `aws sesv2 update-configuration-set-event-destination --configuration-set-name aurora-service --event-destination-name ours --event-destination '{"Enabled":true,"MatchingEventTypes":["OPEN","BOUNCE","DELIVERY","COMPLAINT","REJECT"],"EventBridgeDestination":{"EventBusArn":"arn:aws:events:us-east-1:111122223333:event-bus/default"}}'`,
  },
  {
    check: 'email-receipts',
    change: (table) => {
      const EventBridgeDestination = { EventBusArn: 'arn:aws:events:us-east-1:111122223333:event-bus/default' };
      const MatchingEventTypes = ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'];
      const off = { Name: 'receipts', Enabled: false, MatchingEventTypes, EventBridgeDestination };
      table['GET /v2/email/configuration-sets/aurora-service/event-destinations'] = () => ({ json: { EventDestinations: [off] } });
    },
    about: 'aurora-service',
    detail: 'does not report to EventBridge: DELIVERY, BOUNCE, COMPLAINT, REJECT',
    remedy: `aws sesv2 update-configuration-set-event-destination --configuration-set-name aurora-service --event-destination-name receipts --event-destination '{"Enabled":true,"MatchingEventTypes":["DELIVERY","BOUNCE","COMPLAINT","REJECT"],"EventBridgeDestination":{"EventBusArn":"arn:aws:events:us-east-1:111122223333:event-bus/default"}}'`,
  },
  {
    check: 'email-receipts',
    change: (table) => {
      const metrics = { Name: 'receipts', Enabled: true, MatchingEventTypes: ['BOUNCE'], CloudWatchDestination: {} };
      table['GET /v2/email/configuration-sets/aurora-service/event-destinations'] = () => ({ json: { EventDestinations: [metrics] } });
    },
    about: 'aurora-service',
    detail: 'does not report to EventBridge: DELIVERY, BOUNCE, COMPLAINT, REJECT',
    remedy: `aws sesv2 create-configuration-set-event-destination --configuration-set-name aurora-service --event-destination-name receipts-to-eventbridge --event-destination '{"Enabled":true,"MatchingEventTypes":["DELIVERY","BOUNCE","COMPLAINT","REJECT"],"EventBridgeDestination":{"EventBusArn":"arn:aws:events:us-east-1:111122223333:event-bus/default"}}'`,
  },
  {
    check: 'alarms-topic',
    change: (table) => {
      table.ListSubscriptionsByTopic = () => ({
        xml: '<Subscriptions><member><SubscriptionArn>PendingConfirmation</SubscriptionArn></member></Subscriptions>',
      });
    },
    about: `${PREFIX}-alarms`,
    detail: 'nobody has confirmed; the mail is sent again by the same subscription',
    remedy: `aws sns subscribe --topic-arn arn:aws:sns:us-east-1:111122223333:${PREFIX}-alarms --protocol email --notification-endpoint '<address>'`,
  },
];
