import type { AwsAnswers } from '../../builders/aws-stand-in.ts';
import { ofQueue, policyOf } from './faults.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/key-1';
const RULE = 'arn:aws:events:us-east-1:111122223333:rule/totogi-notifications/totogi-notifications-test';
const ACTIONS = ['kms:GenerateDataKey*', 'kms:Decrypt'];
const ofService = (service: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: ACTIONS,
  Resource: '*',
  ...more,
});
const onlyWhere = (Condition: object) => ofService('events.amazonaws.com', { Condition });

/** Encrypts a queue with a customer's key that has one statement in its policy. */
export function useKey(table: AwsAnswers, queue: string, statement: object): void {
  ofQueue(queue, { KmsMasterKeyId: 'key-1' })(table);
  table.DescribeKey = () => ({ json: { KeyMetadata: { KeyId: 'key-1', Arn: KEY, KeyManager: 'CUSTOMER' } } });
  table.GetKeyPolicy = () => ({ json: { Policy: policyOf(statement) } });
}

/** What a key's policy lets those who send to a queue do. */
export const KEYS = [
  {
    title: 'EventBridge may use it, by the ARN of the key',
    queue: 'rule-dead-letters',
    statement: ofService('events.amazonaws.com', { Resource: KEY }),
    state: 'fine',
    detail: 'EventBridge may use its key key-1',
  },
  {
    title: 'EventBridge may use it for this account',
    queue: 'rule-dead-letters',
    statement: onlyWhere({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
    state: 'fine',
    detail: 'EventBridge may use its key key-1',
  },
  {
    title: 'EventBridge may use it for this rule',
    queue: 'rule-dead-letters',
    statement: onlyWhere({ ArnLike: { 'aws:SourceArn': RULE } }),
    state: 'fine',
    detail: 'EventBridge may use its key key-1',
  },
  {
    title: 'EventBridge may not use it for another account',
    queue: 'rule-dead-letters',
    statement: onlyWhere({ StringEquals: { 'aws:SourceAccount': '444455556666' } }),
    state: 'fault',
    detail: 'its key key-1 does not let EventBridge do kms:GenerateDataKey and kms:Decrypt',
  },
  {
    title: 'a condition that is not understood is no fault',
    queue: 'rule-dead-letters',
    statement: onlyWhere({ StringEquals: { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' } }),
    state: 'unchecked',
    detail: 'whether EventBridge may use its key key-1 depends on a condition of its policy that is not understood',
  },
  {
    title: 'SNS may not use what only EventBridge may',
    queue: 'take-sms-replies',
    statement: ofService('events.amazonaws.com'),
    state: 'fault',
    detail: 'its key key-1 does not let SNS do kms:GenerateDataKey and kms:Decrypt',
  },
  {
    title: 'SNS may use it',
    queue: 'take-sms-replies-dead-letters',
    statement: ofService('sns.amazonaws.com'),
    state: 'fine',
    detail: 'SNS may use its key key-1',
  },
  {
    title: 'whether functions may use it is for their roles to say',
    queue: 'workflows-dead-letters',
    statement: { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
    state: 'unchecked',
    detail: 'functions send there: whether their roles may do kms:GenerateDataKey and kms:Decrypt with its key key-1 is not looked at',
  },
  {
    title: 'SQS itself needs no word of it',
    queue: 'record-email-receipts-dead-letters',
    statement: ofService('sns.amazonaws.com'),
    state: 'fine',
    detail: 'only SQS itself moves messages there, with its key key-1',
  },
];
