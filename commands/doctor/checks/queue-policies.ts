import { type Check, type Finding, fault, fine, type Setup, unclear } from '../check.ts';
import { isAllowed, parsePolicy } from '../policy.ts';
import { withStatement } from '../policy-text.ts';
import { type ServiceSender, sendersOf } from '../senders.ts';
import { findQueue, setAttributes } from '../stack-queues.ts';

export const queuePolicies: Check = {
  name: 'queue-policies',
  looksAt: "whether EventBridge's rules, and the topic of subscribers' texts, may send to their queues and dead-letter queues",
  why: 'What a rule or a topic may not put on its queue goes to its dead-letter queue, and where it may not do that either, it is gone.',
  run: async (setup) => {
    const senders = Object.entries(await sendersOf(setup));
    const found = await Promise.all(senders.map(([name, sender]) => (typeof sender === 'string' ? [] : checkQueue(setup, name, sender))));
    return found.flat();
  },
};

async function checkQueue(setup: Setup, name: string, { service, source, what, doubt }: ServiceSender): Promise<Finding[]> {
  const queue = await findQueue(setup, name);
  if (!queue) return [];
  const statements = parsePolicy(queue.attributes.Policy);
  if (isAllowed(statements, { service, action: 'sqs:SendMessage', resource: queue.arn, source })) {
    return [fine(queue.name, `takes what ${what} sends`)];
  }
  if (doubt !== undefined) return [unclear(queue.name, `refuses what ${what} sends; ${doubt}`)];
  // A queue has one policy: its other statements stay.
  const statement = {
    Sid: service === 'sns.amazonaws.com' ? 'OnlyTheTopicSends' : 'OnlyTheRuleSends',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queue.arn,
    Condition: { ArnEquals: { 'aws:SourceArn': source } },
  };
  const Policy = withStatement(queue.attributes.Policy, statement);
  return [fault(queue.name, `refuses what ${what} sends`, setAttributes(setup, queue, { Policy }))];
}
