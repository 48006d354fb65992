import type { AwsAnswer, AwsAnswers } from '../../builders/aws-stand-in.ts';
import type { Fault } from './faults.ts';
import { stackThatMade } from './sound-account.ts';

const PREFIX = 'totogi-notifications-test';
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:111122223333:${name}`;
const queueUrl = (name: string) => `https://sqs.us-east-1.amazonaws.com/111122223333/${PREFIX}-${name}`;
const DEPLOY =
  'AWS_ENDPOINT_URL={url} npm run deploy -- --stage test --region us-east-1 # with --param for each other parameter of the last deploy: what is left out goes back to its default';
const BUS_TEMPLATE = 'aws cloudformation deploy --stack-name totogi-event-bus --template-file cloudformation/event-bus.yml{at}';

export const NO_STACK = (): AwsAnswer => ({ error: 'ValidationError', message: 'Stack with id it does not exist' });
const NOT_ALLOWED = (): AwsAnswer => ({ error: 'AccessDenied', message: 'not for you' });

const without =
  (operation: string, stack: Partial<AwsAnswers> = {}) =>
  (table: AwsAnswers) => {
    const missing = operation === 'ListSubscriptionsByTopic' ? 'NotFound' : 'ResourceNotFoundException';
    Object.assign(table, { [operation]: () => ({ error: missing }), ...stack });
  };
const withoutQueue = (name: string) => (table: AwsAnswers) => {
  const sound = table.GetQueueUrl;
  table.GetQueueUrl = (request) =>
    request.QueueName === `${PREFIX}-${name}` ? { error: 'QueueDoesNotExist' } : (sound?.(request) ?? NOT_ALLOWED());
};

const RULE = `aws events put-rule --name ${PREFIX} --event-bus-name totogi-notifications --event-pattern '{"account":["266643203619","799148289882"]}'{at} && aws events put-targets --rule ${PREFIX} --event-bus-name totogi-notifications --targets '[{"Id":"consume-notifications","Arn":"${arn('sqs', `${PREFIX}-consume-notifications`)}","DeadLetterConfig":{"Arn":"${arn('sqs', `${PREFIX}-rule-dead-letters`)}"}}]'{at}`;

/** A part that is not there. CloudFormation makes what it never made, and not what it made and somebody deleted. */
export const MISSING_PARTS: Fault[] = [
  {
    check: 'event-bus',
    change: without('DescribeEventBus', { DescribeStacks: NO_STACK }),
    about: 'totogi-notifications',
    detail: 'there is no such bus',
    remedy: BUS_TEMPLATE,
  },
  {
    check: 'event-bus',
    change: without('DescribeEventBus'),
    about: 'totogi-notifications',
    detail: 'there is no such bus',
    remedy: 'aws events create-event-bus --name totogi-notifications',
  },
  {
    check: 'event-bus',
    change: without('DescribeEventBus', { DescribeStacks: NOT_ALLOWED }),
    about: 'totogi-notifications',
    detail: 'there is no such bus',
    remedy: `aws events create-event-bus --name totogi-notifications{at} # or, if it was never deployed: ${BUS_TEMPLATE}`,
  },
  {
    check: 'notifications-rule',
    change: without('DescribeRule', { DescribeStacks: NO_STACK }),
    about: PREFIX,
    detail: 'there is no such rule on the bus totogi-notifications',
    remedy: DEPLOY,
  },
  {
    check: 'notifications-rule',
    change: without('DescribeRule', stackThatMade(`totogi-notifications|${PREFIX}-other`)),
    about: PREFIX,
    detail: 'there is no such rule on the bus totogi-notifications',
    remedy: DEPLOY,
  },
  {
    check: 'notifications-rule',
    change: without('DescribeRule', stackThatMade(`totogi-notifications|${PREFIX}`)),
    about: PREFIX,
    detail: 'there is no such rule on the bus totogi-notifications',
    remedy: RULE,
  },
  {
    check: 'notifications-rule',
    change: without('DescribeRule', { DescribeStacks: NOT_ALLOWED }),
    about: PREFIX,
    detail: 'there is no such rule on the bus totogi-notifications',
    remedy: `${RULE} # or, if it was never deployed: ${DEPLOY}`,
  },
  {
    check: 'queues',
    change: (table) => {
      withoutQueue('pause-marketing')(table);
      Object.assign(table, stackThatMade(queueUrl('pause-marketing')));
    },
    about: `${PREFIX}-pause-marketing`,
    detail: 'there is no such queue',
    remedy: `aws sqs create-queue --queue-name ${PREFIX}-pause-marketing --attributes '${JSON.stringify({
      VisibilityTimeout: '180',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('sqs', `${PREFIX}-pause-marketing-dead-letters`), maxReceiveCount: '125' }),
      MessageRetentionPeriod: '604800',
      MaximumMessageSize: '1048576',
      SqsManagedSseEnabled: 'true',
    })}'`,
  },
  {
    check: 'queues',
    change: (table) => {
      withoutQueue('rule-dead-letters')(table);
      Object.assign(table, stackThatMade(queueUrl('rule-dead-letters')));
    },
    about: `${PREFIX}-rule-dead-letters`,
    detail: 'there is no such queue',
    remedy: `aws sqs create-queue --queue-name ${PREFIX}-rule-dead-letters --attributes '{"MessageRetentionPeriod":"1209600","MaximumMessageSize":"1048576","SqsManagedSseEnabled":"true"}'`,
  },
  {
    check: 'alarms-topic',
    change: without('ListSubscriptionsByTopic', stackThatMade(arn('sns', `${PREFIX}-alarms`))),
    about: `${PREFIX}-alarms`,
    detail: 'there is no such topic',
    remedy: `aws sns create-topic --name ${PREFIX}-alarms --attributes '${JSON.stringify({
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyAlarmsOfThisStackPublish',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: arn('sns', `${PREFIX}-alarms`),
            Condition: { ArnLike: { 'aws:SourceArn': arn('cloudwatch', `alarm:${PREFIX}-*`) } },
          },
        ],
      }),
    })}'`,
  },
  {
    check: 'configuration',
    change: without('GetItem', stackThatMade(PREFIX)),
    about: PREFIX,
    detail: 'there is no such table',
    remedy: `aws dynamodb restore-table-from-backup --target-table-name ${PREFIX} --backup-arn '<BackupArn>'{at} # the BackupArn is that of ${PREFIX}$DeletedTableBackup in: aws dynamodb list-backups --table-name ${PREFIX} --backup-type SYSTEM{at}; once it is active: aws dynamodb update-time-to-live --table-name ${PREFIX} --time-to-live-specification Enabled=true,AttributeName=expiresAt{at} && aws dynamodb update-continuous-backups --table-name ${PREFIX} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true{at}`,
  },
];
