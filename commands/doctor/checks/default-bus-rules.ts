import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';

const RULES = { 'email-receipts': 'what SES says of mails', 'marketing-stop': 'alarms that stop marketing' };

export const defaultBusRules: Check = {
  name: 'default-bus-rules',
  looksAt: "the rules on the account's default bus: receipts of mails, and alarms that stop marketing",
  why: 'Where they are off, dead addresses are written to again, and marketing goes on while SES is about to stop the account.',
  run: (setup) => Promise.all(Object.entries(RULES).map(([name, brings]) => checkRule(setup, `${setup.prefix}-${name}`, brings))),
};

async function checkRule({ aws, stage, command }: Setup, name: string, brings: string): Promise<Finding> {
  const rule = await unlessMissing(aws.events.send(new DescribeRuleCommand({ Name: name })));
  if (!rule) return fault(name, 'there is no such rule', `npm run deploy -- --stage ${stage}`);
  if (rule.State === 'DISABLED') return fault(name, 'is off', command('events', 'enable-rule', '--name', name));
  return fine(name, `is on and brings ${brings}`);
}
