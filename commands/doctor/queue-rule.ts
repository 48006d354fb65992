import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { type Finding, fault, fine, type Setup } from './check.ts';

/** A rule that leads events to a queue of the stack, as the templates make it; both queues without the stack's prefix. */
export type QueueRule = {
  name: string;
  /** undefined: the account's default bus. */
  bus: string | undefined;
  pattern: object;
  queue: string;
  deadLetters: string;
};

/** `--event-bus-name` and the bus; nothing for the default bus. */
export function onBus({ bus }: QueueRule): string[] {
  return bus === undefined ? [] : ['--event-bus-name', bus];
}

/** The command that makes a rule, or gives it its pattern and switches it on. */
export function putRule({ command }: Setup, rule: QueueRule): string {
  return command('events', 'put-rule', '--name', rule.name, ...onBus(rule), '--event-pattern', JSON.stringify(rule.pattern));
}

/** The commands that make a rule with its target. */
export function makeRule(setup: Setup, rule: QueueRule): string {
  return `${putRule(setup, rule)} && ${putTarget(setup, rule, rule.queue)}`;
}

/** Whether a rule leads to its queue, and to its dead-letter queue what it cannot deliver. */
export async function checkTarget(setup: Setup, rule: QueueRule): Promise<Finding> {
  const { Targets = [] } = await setup.aws.events.send(new ListTargetsByRuleCommand({ Rule: rule.name, EventBusName: rule.bus }));
  const target = Targets.find(({ Arn }) => Arn === queueArn(setup, rule.queue));
  if (target?.DeadLetterConfig?.Arn === queueArn(setup, rule.deadLetters)) {
    return fine(rule.name, `leads to the queue ${rule.queue}, and has its dead-letter queue`);
  }
  const detail = target ? 'has no dead-letter queue of this stack' : `does not lead to the queue ${rule.queue}`;
  return fault(rule.name, detail, putTarget(setup, rule, target?.Id ?? rule.queue));
}

function putTarget(setup: Setup, rule: QueueRule, Id: string): string {
  const target = { Id, Arn: queueArn(setup, rule.queue), DeadLetterConfig: { Arn: queueArn(setup, rule.deadLetters) } };
  return setup.command('events', 'put-targets', '--rule', rule.name, ...onBus(rule), '--targets', JSON.stringify([target]));
}

function queueArn({ location: place, prefix }: Setup, name: string): string {
  return `arn:${place.partition}:sqs:${place.region}:${place.accountId}:${prefix}-${name}`;
}
