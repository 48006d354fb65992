import type { AwsAnswer, AwsAnswers } from '../../builders/aws-stand-in.ts';
import type { Fault } from './faults.ts';

const PREFIX = 'totogi-notifications-test';
const DEPLOY =
  'AWS_ENDPOINT_URL={url} npm run deploy -- --stage test --region us-east-1 # add --param for each other parameter of the last deploy: those left out are reset to their defaults';
const BUS_TEMPLATE = 'aws cloudformation deploy --stack-name totogi-event-bus --template-file cloudformation/event-bus.yml{at}';

export const NO_STACK = (): AwsAnswer => ({ error: 'ValidationError', message: 'Stack with id it does not exist' });
const NOT_ALLOWED = (): AwsAnswer => ({ error: 'AccessDenied', message: 'not for you' });

const without =
  (operation: string, stack: Partial<AwsAnswers> = {}) =>
  (table: AwsAnswers) => {
    const missing = operation === 'ListSubscriptionsByTopic' ? 'NotFound' : 'ResourceNotFoundException';
    Object.assign(table, { [operation]: () => ({ error: missing }), ...stack });
  };
export const withoutQueue = (name: string) => (table: AwsAnswers) => {
  const sound = table.GetQueueUrl;
  table.GetQueueUrl = (request) =>
    request.QueueName === `${PREFIX}-${name}-dead-letters` ? { error: 'QueueDoesNotExist' } : (sound?.(request) ?? NOT_ALLOWED());
};

const ALSO = 'if the stack is deployed, something was deleted: create a change set with --deployment-mode REVERT_DRIFT instead';
const revertDrift = (stack: string) =>
  `aws cloudformation create-change-set --stack-name ${stack} --change-set-name restore --deployment-mode REVERT_DRIFT --use-previous-template --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=SmsSpendLimitUsd,UsePreviousValue=true{at} # review it: aws cloudformation describe-change-set --stack-name ${stack} --change-set-name restore{at}; then: aws cloudformation execute-change-set --stack-name ${stack} --change-set-name restore{at}`;

/** A part that is not there. A deploy creates what the stack never had, and a change set that reverts drift what somebody deleted. */
export const MISSING_PARTS: Fault[] = [
  ...[
    { DescribeStacks: NO_STACK, remedy: BUS_TEMPLATE },
    { DescribeStacks: NOT_ALLOWED, remedy: `${BUS_TEMPLATE} # ${ALSO}` },
    { remedy: revertDrift('totogi-event-bus') },
  ].map(({ remedy, ...stack }) => ({
    check: 'event-bus',
    change: without('DescribeEventBus', stack),
    about: 'totogi-notifications',
    detail: 'there is no such bus',
    remedy,
  })),
  ...[
    { DescribeStacks: NO_STACK, remedy: DEPLOY },
    { DescribeStacks: NOT_ALLOWED, remedy: `${DEPLOY}; ${ALSO}` },
    { remedy: revertDrift(PREFIX) },
  ].map(({ remedy, ...stack }) => ({
    check: 'configuration',
    change: without('GetItem', stack),
    about: PREFIX,
    detail: 'there is no such table',
    remedy,
  })),
  {
    check: 'rules',
    change: (table) => {
      const sound = table.DescribeRule;
      table.DescribeRule = (request) =>
        request.Name === PREFIX ? { error: 'ResourceNotFoundException' } : (sound?.(request) ?? NOT_ALLOWED());
    },
    about: PREFIX,
    detail: 'there is no such rule on the bus totogi-notifications',
    remedy: revertDrift(PREFIX),
  },
  {
    check: 'dead-letters',
    change: withoutQueue('rule'),
    about: `${PREFIX}-rule-dead-letters`,
    detail: 'there is no such queue',
    remedy: revertDrift(PREFIX),
  },
  {
    check: 'alarms-topic',
    change: without('ListSubscriptionsByTopic'),
    about: `${PREFIX}-alarms`,
    detail: 'there is no such topic',
    remedy: revertDrift(PREFIX),
  },
];
