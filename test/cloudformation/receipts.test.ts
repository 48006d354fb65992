import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { resourcesOf, serviceTemplate } from './templates.ts';

const template = serviceTemplate();
const properties = (id: string) => template.Resources[id]?.Properties;

describe('receipts of mails', () => {
  test('come from SES, through the default bus, for our own mails only', () => {
    expect(properties('EmailReceiptsRule')).not.toHaveProperty('EventBusName');
    expect(properties('EmailReceiptsRule')?.EventPattern).toEqual({
      account: [{ Ref: 'AWS::AccountId' }],
      source: ['aws.ses'],
      'detail-type': ['Email Delivered', 'Email Bounced', 'Email Complaint Received', 'Email Rejected'],
      detail: { mail: { tags: { message: [{ exists: true }] } } },
    });
  });

  test('are written to their queues by the rule alone, before the rule is there', () => {
    for (const id of ['RecordEmailReceiptsQueuePolicy', 'EmailReceiptsRuleDeadLetterQueuePolicy']) {
      const policy = JSON.stringify(properties(id)?.PolicyDocument);
      expect(policy).toMatch(/"aws:SourceArn":\{"Fn::Sub":"[^"]*:rule\/totogi-notifications-dev-email-receipts"\}/);
      expect(template.Resources.EmailReceiptsRule?.DependsOn).toContain(id);
    }
  });
});

describe('receipts of texts', () => {
  const ofLogs = [
    'SmsDeliveryLogGroup',
    'SmsFailureLogGroup',
    'SmsDeliveryLogSubscription',
    'SmsFailureLogSubscription',
    'SmsDeliveryLogsRole',
  ];

  test('are read only where somebody wants it, since the log holds phone numbers', () => {
    expect(template.Parameters.SmsDeliveryLogs).toMatchObject({ Default: 'false', AllowedValues: ['true', 'false'] });
    for (const id of ofLogs) expect(template.Resources[id]?.Condition).toBe('ReadSmsDeliveryLogs');
  });

  test('are forgotten by the log within days', () => {
    for (const id of ['SmsDeliveryLogGroup', 'SmsFailureLogGroup']) expect(Number(properties(id)?.RetentionInDays)).toBeLessThanOrEqual(3);
  });

  test('come from the two logs that SNS writes, to the function that they alone may call', () => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission', z.looseObject({ Principal: z.unknown(), SourceArn: z.unknown() }));
    const ofSms = permissions.filter(([id]) => id.startsWith('Sms')).map(([, permission]) => permission.SourceArn);
    expect(ofSms).toEqual([{ 'Fn::GetAtt': ['SmsDeliveryLogGroup', 'Arn'] }, { 'Fn::GetAtt': ['SmsFailureLogGroup', 'Arn'] }]);
    expect(properties('SmsFailureLogGroup')?.LogGroupName).toEqual({
      'Fn::Sub': `sns/\${AWS::Region}/\${AWS::AccountId}/DirectPublishToPhoneNumber/Failure`,
    });
  });
});

describe('texts that come in', () => {
  test('are published by this account’s numbers alone, to a topic that can be given', () => {
    expect(template.Resources.SmsRepliesTopic?.Condition).toBe('MakeSmsRepliesTopic');
    expect(properties('SmsRepliesTopicPolicy')?.PolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'sms-voice.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });

  test('reach the queue as they were written, or its dead-letter queue', () => {
    expect(properties('TakeSmsRepliesSubscription')).toMatchObject({
      Protocol: 'sqs',
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['TakeSmsRepliesDeadLetterQueue', 'Arn'] } },
    });
  });
});

describe('the role of the public pages', () => {
  test('reads what a link leads to and writes consent, and nothing else', () => {
    const role = JSON.stringify(properties('PublicPagesRole'));
    const keys = [...role.matchAll(/"dynamodb:LeadingKeys":(\[[^\]]*\])/g)].map(([, list]) => JSON.parse(String(list)));
    expect(keys).toEqual([['LOOKUP#link#*', 'TENANT#*#ACCOUNT#*', 'TENANT#*#CONFIG'], ['TENANT#*#ACCOUNT#*'], ['LOOKUP#phone#*']]);
    expect(role).not.toMatch(/dynamodb:(Query|Scan)|sns:|ses:|sqs:/);
  });
});
