import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { isAllowed, readPolicy } from '../policy.ts';
import { DEAD_QUEUES, findQueues, READ_QUEUES, type StackQueue, setAttributes } from '../stack-queues.ts';

/** What a service that sends to an encrypted queue must be allowed to do with its key. */
const ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

export const queueEncryption: Check = {
  name: 'queue-encryption',
  looksAt: 'the keys that the queues and dead-letter queues are encrypted with',
  why: 'EventBridge cannot use the AWS-managed key of SQS: such a dead-letter queue receives nothing, and nobody is told.',
  run: async (setup) => {
    const queues = await findQueues(setup, [...READ_QUEUES, ...DEAD_QUEUES]);
    return Promise.all(queues.map((queue) => checkQueue(setup, queue)));
  },
};

async function checkQueue(setup: Setup, queue: StackQueue): Promise<Finding> {
  const key = queue.attributes.KmsMasterKeyId;
  if (key === undefined || key === '') return fine(queue.name, 'needs no key of KMS');
  const refusal = await refusalOf(setup, key);
  if (refusal === undefined) return fine(queue.name, `EventBridge may use its key ${key}`);
  return fault(queue.name, refusal, setAttributes(setup, queue, { KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' }));
}

async function refusalOf({ aws }: Setup, key: string): Promise<string | undefined> {
  if (key.endsWith('alias/aws/sqs')) return 'is encrypted with the AWS-managed key, which EventBridge cannot use';
  const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId: key }));
  if (KeyMetadata?.KeyManager === 'AWS') return 'is encrypted with an AWS-managed key, which EventBridge cannot use';
  const { Policy } = await aws.kms.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: 'default' }));
  const statements = readPolicy(Policy);
  const missing = ACTIONS.filter((action) => !isAllowed(statements, { service: 'events.amazonaws.com', action, resource: '*' }));
  return missing.length === 0 ? undefined : `its key ${key} does not let EventBridge do ${missing.join(' and ')}`;
}
