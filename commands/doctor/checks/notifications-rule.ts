import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';

const Pattern = z.looseObject({ account: z.array(z.unknown()).optional() });
const TARGET = 'consume-notifications';

export const notificationsRule: Check = {
  name: 'notifications-rule',
  looksAt: 'the rule that brings notifications to the queue: its state, pattern, target and dead-letter queue',
  why: "A rule that is off or matches other accounts brings nothing. One without a dead-letter queue drops what it cannot deliver within a day. One that names no account takes anybody's events.",
  run: async (setup) => {
    const { aws, prefix, bus, stage } = setup;
    const rule = await unlessMissing(aws.events.send(new DescribeRuleCommand({ Name: prefix, EventBusName: bus.name })));
    if (!rule) return [fault(prefix, `there is no such rule on the bus ${bus.name}`, `npm run deploy -- --stage ${stage}`)];
    return [checkState(setup, rule.State), checkPattern(setup, rule.EventPattern), await checkTarget(setup)];
  },
};

function checkState({ prefix, bus, command }: Setup, state: string | undefined): Finding {
  if (state !== 'DISABLED') return fine(prefix, 'is on');
  return fault(prefix, 'is off', command('events', 'enable-rule', '--name', prefix, '--event-bus-name', bus.name));
}

function checkPattern({ prefix, bus, totogiAccounts, command }: Setup, text: string | undefined): Finding {
  const { account = [] } = text === undefined ? {} : Pattern.parse(JSON.parse(text));
  const missing = totogiAccounts.filter((one) => !account.includes(one));
  const others = account.filter((one) => typeof one !== 'string' || !totogiAccounts.includes(one));
  if (missing.length === 0 && others.length === 0) return fine(prefix, `takes events of ${account.join(' and ')}`);
  const faults = [
    ...(account.length === 0 ? ["takes anybody's events"] : missing.map((one) => `takes no events of Totogi's account ${one}`)),
    ...others.map((one) => `takes events of ${JSON.stringify(one)}, which is not Totogi`),
  ];
  const pattern = ['--event-pattern', JSON.stringify({ account: totogiAccounts })];
  return fault(prefix, faults.join('; '), command('events', 'put-rule', '--name', prefix, '--event-bus-name', bus.name, ...pattern));
}

async function checkTarget({ aws, prefix, bus, place, command }: Setup): Promise<Finding> {
  const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: prefix, EventBusName: bus.name }));
  const queue = (name: string) => `arn:${place.partition}:sqs:${place.region}:${place.accountId}:${prefix}-${name}`;
  const wanted = { Id: TARGET, Arn: queue(TARGET), DeadLetterConfig: { Arn: queue('rule-dead-letters') } };
  const target = Targets.find(({ Arn }) => Arn === wanted.Arn);
  if (target?.DeadLetterConfig?.Arn === wanted.DeadLetterConfig.Arn)
    return fine(prefix, 'leads to the queue, and has its dead-letter queue');
  const says = target ? 'has no dead-letter queue of this stack' : 'does not lead to the queue';
  const targets = JSON.stringify([{ ...wanted, Id: target?.Id ?? wanted.Id }]);
  return fault(prefix, says, command('events', 'put-targets', '--rule', prefix, '--event-bus-name', bus.name, '--targets', targets));
}
