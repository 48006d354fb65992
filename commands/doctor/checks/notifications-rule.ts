import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { type Check, type Finding, fault, fine, type Setup, unlessMissing } from '../check.ts';
import { checkTarget, makeRule, onBus, putRule, type QueueRule } from '../queue-rule.ts';
import { bringBack } from '../stack.ts';

const Pattern = z.looseObject({ account: z.array(z.unknown()).optional() });

export const notificationsRule: Check = {
  name: 'notifications-rule',
  looksAt: 'the rule that brings notifications to the queue: its state, pattern, target and dead-letter queue',
  why: "A rule that is off or matches other accounts brings nothing. One without a dead-letter queue drops what it cannot deliver within a day. One that names no account takes anybody's events.",
  run: async (setup) => {
    const { aws, prefix, bus, totogiAccounts } = setup;
    const queues = { queue: 'consume-notifications', deadLetters: 'rule-dead-letters' };
    const wanted = { name: prefix, bus: bus.name, pattern: { account: totogiAccounts }, ...queues };
    const rule = await unlessMissing(aws.events.send(new DescribeRuleCommand({ Name: prefix, EventBusName: bus.name })));
    if (!rule) {
      const remedy = await bringBack(setup, { name: prefix, again: makeRule(setup, wanted) });
      return [fault(prefix, `there is no such rule on the bus ${bus.name}`, remedy)];
    }
    return [checkState(setup, wanted, rule.State), checkPattern(setup, wanted, rule.EventPattern), await checkTarget(setup, wanted)];
  },
};

function checkState({ prefix, command }: Setup, wanted: QueueRule, state: string | undefined): Finding {
  if (state !== 'DISABLED') return fine(prefix, 'is on');
  return fault(prefix, 'is off', command('events', 'enable-rule', '--name', prefix, ...onBus(wanted)));
}

function checkPattern(setup: Setup, wanted: QueueRule, text: string | undefined): Finding {
  const { prefix, totogiAccounts } = setup;
  const { account = [] } = text === undefined ? {} : Pattern.parse(JSON.parse(text));
  const missing = totogiAccounts.filter((one) => !account.includes(one));
  const others = account.filter((one) => typeof one !== 'string' || !totogiAccounts.includes(one));
  if (missing.length === 0 && others.length === 0) return fine(prefix, `takes events of ${account.join(' and ')}`);
  const faults = [
    ...(account.length === 0 ? ["takes anybody's events"] : missing.map((one) => `takes no events of Totogi's account ${one}`)),
    ...others.map((one) => `takes events of ${JSON.stringify(one)}, which is not Totogi`),
  ];
  return fault(prefix, faults.join('; '), putRule(setup, wanted));
}
