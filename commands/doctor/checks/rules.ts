import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { unlessMissing } from '../aws-errors.ts';
import { type Check, type Finding, fault, fine, type Setup } from '../check.ts';
import { restoreService } from '../restore.ts';

export const rules: Check = {
  name: 'rules',
  looksAt: "the rule for Totogi's notifications, and the two on the account's default bus: email receipts, alarms that pause marketing",
  why: 'A rule that is disabled delivers nothing: no message is sent, bounces are not recorded, or marketing goes on while SES is about to suspend the account.',
  run: async (setup) => {
    const { prefix, bus } = setup;
    return Promise.all([
      checkRule(setup, prefix, bus.name),
      checkRule(setup, `${prefix}-email-receipts`),
      checkRule(setup, `${prefix}-marketing-pause`),
    ]);
  },
};

/** Without a bus, the rule is on the account's default bus. */
async function checkRule(setup: Setup, name: string, bus?: string): Promise<Finding> {
  const rule = await unlessMissing(setup.aws.events.send(new DescribeRuleCommand({ Name: name, EventBusName: bus })));
  if (!rule)
    return fault(name, `there is no such rule on the ${bus === undefined ? 'default bus' : `bus ${bus}`}`, await restoreService(setup));
  if (rule.State !== 'DISABLED') return fine(name, 'is enabled');
  const onBus = bus === undefined ? [] : ['--event-bus-name', bus];
  return fault(name, 'is disabled', setup.command('events', 'enable-rule', '--name', name, ...onBus));
}
