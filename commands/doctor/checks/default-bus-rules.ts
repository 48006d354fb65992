import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { checkTarget, makeRule, type QueueRule } from '../queue-rule.ts';
import { bringBack } from '../stack.ts';

export const defaultBusRules: Check = {
  name: 'default-bus-rules',
  looksAt: "the rules on the account's default bus, and where they lead: receipts of mails, and alarms that stop marketing",
  why: 'Where they are off, dead addresses are written to again, and marketing goes on while SES is about to stop the account.',
  run: async (setup) => {
    const found = await Promise.all(rulesOf(setup).map((rule) => checkRule(setup, rule)));
    return found.flat();
  },
};

/** As the templates define them. */
export function rulesOf({ prefix, location: place }: Pick<Setup, 'prefix' | 'location'>): QueueRule[] {
  const account = [place.accountId];
  return [
    {
      name: `${prefix}-email-receipts`,
      bus: undefined,
      queue: 'record-email-receipts',
      deadLetters: 'email-receipts-rule-dead-letters',
      pattern: {
        account,
        source: ['aws.ses'],
        'detail-type': ['Email Delivered', 'Email Bounced', 'Email Complaint Received', 'Email Rejected'],
        detail: { mail: { tags: { message: [{ exists: true }] } } },
      },
    },
    {
      name: `${prefix}-marketing-pause`,
      bus: undefined,
      queue: 'pause-marketing',
      deadLetters: 'pause-marketing-dead-letters',
      pattern: {
        account,
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [`${prefix}-email-bounce-rate`, `${prefix}-email-complaint-rate`], state: { value: ['ALARM'] } },
      },
    },
  ];
}

async function checkRule(setup: Setup, wanted: QueueRule): Promise<Finding[]> {
  const { name } = wanted;
  const rule = await unlessMissing(setup.aws.events.send(new DescribeRuleCommand({ Name: name })));
  if (!rule) return [fault(name, 'there is no such rule', await bringBack(setup, { name, again: makeRule(setup, wanted) }))];
  const state =
    rule.State === 'DISABLED' ? fault(name, 'is off', setup.command('events', 'enable-rule', '--name', name)) : fine(name, 'is on');
  return [state, await checkTarget(setup, wanted)];
}
