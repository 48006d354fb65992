import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { type Check, type Finding, fault, fine, type Setup, unclear } from '../check.ts';
import { parsePolicy, verdictOf } from '../policy.ts';
import { type Sender, type ServiceSender, sendersOf } from '../senders.ts';
import { findQueue, type StackQueue, setAttributes } from '../stack-queues.ts';

/** The permissions that a sender to an encrypted queue needs on its key. */
const ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

export const queueEncryption: Check = {
  name: 'queue-encryption',
  looksAt: 'the keys that the queues and dead-letter queues are encrypted with, and whether those who send there may use them',
  why: 'EventBridge and SNS cannot use the AWS-managed key of SQS: such a dead-letter queue receives nothing, and nobody is told.',
  run: async (setup) => {
    const senders = Object.entries(await sendersOf(setup));
    const found = await Promise.all(
      senders.map(async ([name, sender]) => {
        const queue = await findQueue(setup, name);
        return queue ? [await checkQueue(setup, queue, sender)] : [];
      }),
    );
    return found.flat();
  },
};

async function checkQueue(setup: Setup, queue: StackQueue, sender: Sender): Promise<Finding> {
  const key = queue.attributes.KmsMasterKeyId;
  if (key === undefined || key === '') return fine(queue.name, 'needs no key of KMS');
  if (sender === 'sqs') return fine(queue.name, `only SQS itself moves messages there, with its key ${key}`);
  const found = await readKey(setup, key);
  if (sender !== 'functions') return checkService(setup, { queue, key, found, sender });
  if (found === 'managed by AWS') return fine(queue.name, 'functions may use the AWS-managed key');
  return unclear(
    queue.name,
    `functions send there: whether their roles may do ${ACTIONS.join(' and ')} with its key ${key} is not looked at`,
  );
}

type Key = 'managed by AWS' | { arn: string; policy: string | undefined };

async function readKey({ aws }: Setup, key: string): Promise<Key> {
  if (key.endsWith('alias/aws/sqs')) return 'managed by AWS';
  const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId: key }));
  if (KeyMetadata?.KeyManager === 'AWS') return 'managed by AWS';
  const { Policy } = await aws.kms.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: 'default' }));
  return { arn: KeyMetadata?.Arn ?? '*', policy: Policy };
}

type Encrypted = { queue: StackQueue; key: string; found: Key; sender: ServiceSender };

function checkService(setup: Setup, { queue, key, found, sender }: Encrypted): Finding {
  const { service, name, source, doubt } = sender;
  const remedy = setAttributes(setup, queue, { KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' });
  if (found === 'managed by AWS') return fault(queue.name, `is encrypted with an AWS-managed key, which ${name} cannot use`, remedy);
  const statements = parsePolicy(found.policy);
  const verdicts = ACTIONS.map((action) => ({ action, verdict: verdictOf(statements, { service, action, resource: found.arn, source }) }));
  const refused = verdicts.filter(({ verdict }) => verdict === 'refused').map(({ action }) => action);
  if (refused.length > 0 && doubt === undefined) {
    const instead = `# or keep the key, and let ${service} do ${refused.join(' and ')} in its policy`;
    return fault(queue.name, `its key ${key} does not let ${name} do ${refused.join(' and ')}`, `${remedy} ${instead}`);
  }
  if (verdicts.every(({ verdict }) => verdict === 'allowed')) return fine(queue.name, `${name} may use its key ${key}`);
  return unclear(
    queue.name,
    `whether ${name} may use its key ${key} depends on ${doubt ?? 'a condition of its policy that is not understood'}`,
  );
}
