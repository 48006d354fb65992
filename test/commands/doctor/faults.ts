import { expect } from 'vitest';
import type { AwsAnswers } from '../../builders/aws-stand-in.ts';

const PREFIX = 'totogi-notifications-test';
const SECRET = 'totogi-notifications/test/mvno-aurora/totogi';

/** One answer changed, and what the check makes of it: about what, what it says, and the command that fixes it. */
export type Fault = { check: string; change: (answers: AwsAnswers) => void; about: string; detail: string; remedy: string };

const policyOf = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

export const FAULTS: Fault[] = [
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
    check: 'event-log',
    change: (table) => {
      table.DescribeLogGroups = () => ({ json: { logGroups: [{ logGroupName: '/aws/events/totogi-notifications' }] } });
    },
    about: '/aws/events/totogi-notifications',
    detail: 'keeps events forever',
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
    detail: 'no resource policy lets EventBridge write to it',
    remedy: `aws logs put-resource-policy --resource-arn arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/totogi-notifications --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["delivery.logs.amazonaws.com","events.amazonaws.com"]},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/totogi-notifications:*"}]}'`,
  },
  {
    check: 'table',
    change: (table) => {
      table.DescribeTable = () => ({ json: { Table: { DeletionProtectionEnabled: false } } });
    },
    about: PREFIX,
    detail: 'can be deleted',
    remedy: `aws dynamodb update-table --table-name ${PREFIX} --deletion-protection-enabled`,
  },
  {
    check: 'rules',
    change: (table) => {
      table.DescribeRule = ({ Name }) => ({ json: { Name, State: String(Name).endsWith('-marketing-pause') ? 'DISABLED' : 'ENABLED' } });
    },
    about: `${PREFIX}-marketing-pause`,
    detail: 'is disabled',
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
    detail: `the secret ${SECRET} does not have the form {"key":"<key>","secret":"<secret>"}`,
    remedy: `aws secretsmanager put-secret-value --secret-id ${SECRET} --secret-string '{"key":"<key>","secret":"<secret>"}'`,
  },
  {
    check: 'totogi-keys',
    change: (table) => {
      table['POST /totogi/oauth2/token'] = () => ({ error: 'invalid_client' });
    },
    about: 'mvno-aurora',
    detail: expect.stringMatching(/\/totogi\/oauth2\/token rejects the secret /),
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
    detail: 'has sending disabled',
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
      "aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url '<your website>' --use-case-description '<who gets your email, and why>'",
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
    detail: 'is not confirmed: the link that SES sent there is valid for a day; the command sends it again',
    remedy: 'aws ses verify-email-identity --email-address care@aurora.example',
  },
  {
    check: 'email-identities',
    change: (table) => {
      table['GET /v2/email/identities/aurora.example'] = () => ({ json: { VerifiedForSendingStatus: false } });
    },
    about: 'care@aurora.example',
    detail: 'its domain aurora.example is not verified: enter the tokens that the command prints as CNAME records',
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
    detail: 'nobody has confirmed; the same command sends the confirmation again',
    remedy: `aws sns subscribe --topic-arn arn:aws:sns:us-east-1:111122223333:${PREFIX}-alarms --protocol email --notification-endpoint '<address>'`,
  },
  {
    check: 'dead-letters',
    change: (table) => {
      const sound = table.GetQueueAttributes;
      table.GetQueueAttributes = (request) =>
        String(request.QueueUrl).endsWith('-workflows-dead-letters')
          ? { json: { Attributes: { ApproximateNumberOfMessages: '3' } } }
          : (sound?.(request) ?? { error: 'none' });
    },
    about: `${PREFIX}-workflows-dead-letters`,
    detail: 'holds about 3 messages',
    remedy: `curl -s -X POST -H "authorization: Bearer $token" https://api.test/v1/tenants/-/dead-letters/workflows/redrive -H 'content-type: application/json' -d '{"dryRun": false}' # after the cause is fixed: docs/operate.md#dead-letter-queues`,
  },
];
