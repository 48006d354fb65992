import { type Fault, ofQueue, policyOf, queueUrl } from './faults.ts';
import { useKey } from './keys.ts';
import { stackThatMade } from './sound-account.ts';

const PREFIX = 'totogi-notifications-test';
const TOPIC = `arn:aws:sns:us-east-1:111122223333:${PREFIX}-sms-replies`;
const QUEUE = `arn:aws:sqs:us-east-1:111122223333:${PREFIX}-take-sms-replies`;
const REDRIVE = JSON.stringify({ deadLetterTargetArn: `${QUEUE}-dead-letters` });
const GROUPS = ['/aws/events/totogi-notifications', '/ours/a', '/ours/b'];
const SUBSCRIBE = `aws sns subscribe --topic-arn ${TOPIC} --protocol sqs --notification-endpoint ${QUEUE} --attributes '${JSON.stringify({ RawMessageDelivery: 'true', RedrivePolicy: REDRIVE })}'{at}`;
const logArn = (group: string) => `arn:aws:logs:us-east-1:111122223333:log-group:${group}`;
const trust = (Sid: string, Resource: string | string[]) => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] },
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource,
});
const own = policyOf(trust('TrustEventsToStoreLogEvent', `${logArn('/aws/events/*')}:*`));
const other = (Sid: string) => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: 'es.amazonaws.com' },
  Action: 'logs:PutLogEvents',
  Resource: '*',
});
const entry = (name: string, text: string) => `<entry><key>${name}</key><value>${text}</value></entry>`;

/** What keeps those who send, SNS and EventBridge, from where they send to. */
export const SENDER_FAULTS: Fault[] = [
  {
    check: 'queue-policies',
    change: ofQueue('take-sms-replies', { Policy: undefined }),
    about: `${PREFIX}-take-sms-replies`,
    detail: `refuses what the topic ${PREFIX}-sms-replies sends`,
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('take-sms-replies')} --attributes '${JSON.stringify({
      Policy: policyOf({
        Sid: 'OnlyTheTopicSends',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QUEUE,
        Condition: { ArnEquals: { 'aws:SourceArn': TOPIC } },
      }),
    })}'`,
  },
  {
    check: 'sms-replies',
    change: (table) => {
      table.ListSubscriptionsByTopic = () => ({ xml: '<Subscriptions/>' });
    },
    about: `${PREFIX}-sms-replies`,
    detail: 'does not bring texts to the queue',
    remedy: SUBSCRIBE,
  },
  {
    check: 'sms-replies',
    change: (table) => {
      table.ListSubscriptionsByTopic = () => ({ error: 'NotFound' });
      Object.assign(table, stackThatMade(TOPIC));
    },
    about: `${PREFIX}-sms-replies`,
    detail: 'there is no such topic',
    remedy: `aws sns create-topic --name ${PREFIX}-sms-replies --attributes '${JSON.stringify({
      Policy: policyOf({
        Sid: 'OnlyNumbersOfThisAccountPublish',
        Effect: 'Allow',
        Principal: { Service: 'sms-voice.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TOPIC,
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      }),
    })}'{at} && ${SUBSCRIBE}`,
  },
  {
    check: 'sms-replies',
    change: (table) => {
      table.GetSubscriptionAttributes = () => ({ xml: `<Attributes>${entry('RedrivePolicy', REDRIVE)}</Attributes>` });
    },
    about: `${PREFIX}-sms-replies`,
    detail: 'wraps the texts that it brings, and they are taken for invalid',
    remedy: `aws sns set-subscription-attributes --subscription-arn ${TOPIC}:2 --attribute-name RawMessageDelivery --attribute-value true`,
  },
  {
    check: 'sms-replies',
    change: (table) => {
      table.GetSubscriptionAttributes = () => ({ xml: `<Attributes>${entry('RawMessageDelivery', 'true')}</Attributes>` });
    },
    about: `${PREFIX}-sms-replies`,
    detail: 'has no dead-letter queue of this stack',
    remedy: `aws sns set-subscription-attributes --subscription-arn ${TOPIC}:2 --attribute-name RedrivePolicy --attribute-value '${REDRIVE}'`,
  },
  {
    check: 'queue-encryption',
    change: ofQueue('take-sms-replies', { KmsMasterKeyId: 'alias/aws/sqs' }),
    about: `${PREFIX}-take-sms-replies`,
    detail: 'is encrypted with an AWS-managed key, which SNS cannot use',
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('take-sms-replies')} --attributes '{"KmsMasterKeyId":"","SqsManagedSseEnabled":"true"}'`,
  },
  {
    check: 'queue-encryption',
    change: (table) => useKey(table, 'pause-marketing', other('es')),
    about: `${PREFIX}-pause-marketing`,
    detail: 'its key key-1 does not let EventBridge do kms:GenerateDataKey and kms:Decrypt',
    remedy: `aws sqs set-queue-attributes --queue-url ${queueUrl('pause-marketing')} --attributes '{"KmsMasterKeyId":"","SqsManagedSseEnabled":"true"}'{at} # or keep the key, and let events.amazonaws.com do kms:GenerateDataKey and kms:Decrypt in its policy`,
  },
  {
    check: 'event-log',
    change: (table) => {
      const resourcePolicies = Array.from({ length: 10 }, (_, index) => {
        const statements = [other('TrustEventsToStoreLogEvent'), ...(index === 4 ? [] : [other('more')])];
        return { policyName: `p${index}`, policyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }) };
      });
      table.DescribeResourcePolicies = () => ({ json: { resourcePolicies } });
    },
    about: '/aws/events/totogi-notifications',
    detail:
      'EventBridge may not write to it: no resource policy allows logs:CreateLogStream and logs:PutLogEvents (the Region has 10, and takes no more)',
    remedy: `aws logs put-resource-policy --policy-name p4 --policy-document '${JSON.stringify({
      Version: '2012-10-17',
      Statement: [other('TrustEventsToStoreLogEvent'), trust('TrustEventsToStoreLogEvent2', `${logArn('/aws/events/*')}:*`)],
    })}'`,
  },
  {
    check: 'sms-protect',
    change: (table) => {
      table.DescribeProtectConfigurations = () => ({
        json: { ProtectConfigurations: [{ ProtectConfigurationId: 'p', AccountDefault: false }] },
      });
    },
    about: 'AWS End User Messaging',
    detail: 'has no account-wide protect configuration, so AWS sends texts to every country',
    remedy:
      "aws pinpoint-sms-voice-v2 create-protect-configuration --query ProtectConfigurationId --output text{at} && aws pinpoint-sms-voice-v2 set-account-default-protect-configuration --protect-configuration-id '<id>'{at} # then this check names the countries to block",
  },
  {
    check: 'sms-protect',
    change: (table) => {
      const CountryRuleSet = { US: { ProtectStatus: 'BLOCK' }, GB: { ProtectStatus: 'ALLOW' }, LV: { ProtectStatus: 'MONITOR' } };
      table.GetProtectConfigurationCountryRuleSet = () => ({ json: { CountryRuleSet } });
    },
    about: 'AWS End User Messaging',
    detail: 'blocks texts to US, which tenants text, and lets texts go to GB, LV, which no tenant texts',
    remedy: `aws pinpoint-sms-voice-v2 update-protect-configuration-country-rule-set --protect-configuration-id protect-1 --number-capability SMS --country-rule-set-updates '{"GB":{"ProtectStatus":"BLOCK"},"LV":{"ProtectStatus":"BLOCK"},"US":{"ProtectStatus":"ALLOW"}}'`,
  },
  {
    check: 'sms-account',
    change: (table) => {
      table.GetSMSAttributes = () => ({ xml: '<attributes/>' });
    },
    about: 'SNS',
    detail: 'may spend 1 USD a month on texts, which is some hundred of them',
    remedy:
      "aws sns set-sms-attributes --attributes 'MonthlySpendLimit=<USD>'{at} && AWS_ENDPOINT_URL={url} npm run deploy -- --stage test --region us-east-1 '--param=smsSpendLimitUsd=<USD>' # with --param for each other parameter of the last deploy: what is left out goes back to its default; the limit is at most the quota of the account",
  },
  {
    check: 'sms-account',
    change: (table) => {
      table.GetSMSAttributes = () => ({ xml: `<attributes>${entry('MonthlySpendLimit', '2000')}</attributes>` });
    },
    about: 'SNS',
    detail: 'may spend 2000 USD a month on texts, and the alarm of the stack rings at 80 % of 500 USD',
    remedy:
      'AWS_ENDPOINT_URL={url} npm run deploy -- --stage test --region us-east-1 --param=smsSpendLimitUsd=2000 # with --param for each other parameter of the last deploy: what is left out goes back to its default',
  },
];

/** Log groups that no policy is for, one command for all of them. */
export const LOG_GROUPS = {
  targets: GROUPS.map((group, index) => ({ Id: String(index), Arn: logArn(group) })),
  groups: GROUPS.map((logGroupName) => ({ logGroupName, retentionInDays: 7 })),
  policies: [{ policyName: 'TrustEventsToStoreLogEvent', policyDocument: own }],
  remedy: `aws logs put-resource-policy --policy-name TrustEventsToStoreLogEvent2 --policy-document '${policyOf(
    trust('TrustEventsToStoreLogEvent', [`${logArn('/ours/a')}:*`, `${logArn('/ours/b')}:*`]),
  )}'{at}`,
};
