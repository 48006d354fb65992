import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { isAllowed, readPolicy } from '../policy.ts';
import { withStatement } from '../policy-text.ts';
import { findQueue, setAttributes } from '../stack-queues.ts';

export const queuePolicies: Check = {
  name: 'queue-policies',
  looksAt: "whether EventBridge's rules may send to their queues, and to their dead-letter queues",
  why: 'What a rule may not put on its queue goes to its dead-letter queue, and where it may not do that either, it is gone.',
  run: async (setup) => {
    const { place, prefix, bus } = setup;
    const rule = (name: string) => `arn:${place.partition}:events:${place.region}:${place.accountId}:rule/${name}`;
    const ofBus = rule(`${bus.name}/${prefix}`);
    // A rule of the default bus has no bus in its ARN.
    const ofMails = rule(`${prefix}-email-receipts`);
    const ofAlarms = rule(`${prefix}-marketing-stop`);
    const found = await Promise.all([
      checkQueue(setup, 'consume-notifications', ofBus),
      checkQueue(setup, 'rule-dead-letters', ofBus),
      checkQueue(setup, 'record-email-receipts', ofMails),
      checkQueue(setup, 'email-receipts-rule-dead-letters', ofMails),
      checkQueue(setup, 'stop-marketing', ofAlarms),
      checkQueue(setup, 'stop-marketing-dead-letters', ofAlarms),
    ]);
    return found.flat();
  },
};

async function checkQueue(setup: Setup, name: string, rule: string): Promise<Finding[]> {
  const queue = await findQueue(setup, name);
  if (!queue) return [];
  const statements = readPolicy(queue.attributes.Policy);
  const wish = { service: 'events.amazonaws.com', action: 'sqs:SendMessage', resource: queue.arn, source: rule };
  const ruleName = rule.split('/').at(-1);
  if (isAllowed(statements, wish)) return [fine(queue.name, `takes what the rule ${ruleName} sends`)];
  // A queue has one policy: what else is in it stays.
  const statement = {
    Sid: 'OnlyTheRuleSends',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue.arn,
    Condition: { ArnEquals: { 'aws:SourceArn': rule } },
  };
  const Policy = withStatement(queue.attributes.Policy, statement);
  return [fault(queue.name, `refuses what the rule ${ruleName} sends`, setAttributes(setup, queue, { Policy }))];
}
