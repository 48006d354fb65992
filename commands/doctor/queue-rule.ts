import { ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { type Finding, fault, fine, type Setup } from './check.ts';

/** As the templates define it. Both queue names are without the stack's prefix. */
export type QueueRule = {
  name: string;
  /** undefined: the account's default bus. */
  bus: string | undefined;
  pattern: object;
  queue: string;
  deadLetters: string;
};

/** The bus argument; empty for the default bus. */
export function onBus({ bus }: QueueRule): string[] {
  return bus === undefined ? [] : ['--event-bus-name', bus];
}

/** Creates a rule, or resets its pattern and enables it. */
export function putRule({ command }: Setup, rule: QueueRule): string {
  return command('events', 'put-rule', '--name', rule.name, ...onBus(rule), '--event-pattern', JSON.stringify(rule.pattern));
}

export function makeRule(setup: Setup, rule: QueueRule): string {
  return `${putRule(setup, rule)} && ${putTarget(setup, rule, rule.queue)}`;
}

/** Checks the rule's queue and its dead-letter queue. */
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
