import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { DEAD_LETTER_QUEUES } from '../../../src/schemas/operations/dead-letters.ts';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { restoreService } from '../restore.ts';

export const deadLetters: Check = {
  name: 'dead-letters',
  looksAt: 'whether the dead-letter queues are there and empty',
  why: 'Each dead letter is an event, a run or a receipt that was not handled. They are deleted after 14 days.',
  run: (setup) => Promise.all(Object.keys(DEAD_LETTER_QUEUES).map((name) => checkQueue(setup, name))),
};

async function checkQueue(setup: Setup, name: string): Promise<Finding> {
  const { aws, prefix } = setup;
  const QueueName = `${prefix}-${name}-dead-letters`;
  const found = await unlessMissing(aws.sqs.send(new GetQueueUrlCommand({ QueueName })));
  if (found?.QueueUrl === undefined) return fault(QueueName, 'there is no such queue', await restoreService(setup));
  const request = { QueueUrl: found.QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
  const { Attributes = {} } = await aws.sqs.send(new GetQueueAttributesCommand(request));
  const count = Number(Attributes.ApproximateNumberOfMessages);
  if (count === 0) return fine(QueueName, 'is empty');
  const redrive = `${await setup.api()}/v1/tenants/-/dead-letters/${name}/redrive`;
  const remedy = `curl -s -X POST -H "authorization: Bearer $token" ${redrive} -H 'content-type: application/json' -d '{"dryRun": false}'`;
  return fault(QueueName, `holds about ${count} messages`, `${remedy} # after the cause is fixed: docs/operate.md#dead-letter-queues`);
}
