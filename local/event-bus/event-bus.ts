import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { LocalQueue } from '../queue/queue.ts';
import { StartupFault } from '../startup-fault.ts';
import type { PackagedRule, PackagedStack } from '../template/packaged-stack.ts';
import { compilePattern } from './event-pattern.ts';
import { createPutEvents, type Rule } from './put-events.ts';

const busName = 'totogi-notifications';

export type EventBusOptions = {
  stack: Pick<PackagedStack, 'rules' | 'queues'>;
  /** In the order of the stack's queues. */
  queues: LocalQueue[];
  clock: Clock;
  region: string;
  accountId: string;
  /** Called for every accepted event. */
  taken?: (event: Record<string, unknown>) => void;
};

/** @throws StartupFault for a rule that cannot be matched exactly. */
export function createEventBus({ stack, queues, clock, region, accountId, taken }: EventBusOptions): ReturnType<typeof createPutEvents> {
  const rules = stack.rules.filter(({ onDefaultBus }) => !onDefaultBus);
  return createPutEvents({
    busName,
    busArn: `arn:aws:events:${region}:${accountId}:event-bus/${busName}`,
    region,
    defaultAccount: firstAccount(rules),
    rules: rules.map((rule) => toRule(rule, queuesByArn(stack, queues))),
    now: clock.now,
    newEventId: randomUUID,
    ...(taken && { taken }),
  });
}

/** AWS's own services publish to the default bus. */
export function createDefaultBus({ stack, queues }: Pick<EventBusOptions, 'stack' | 'queues'>): (event: Record<string, unknown>) => void {
  const rules = stack.rules.filter(({ onDefaultBus }) => onDefaultBus).map((rule) => toRule(rule, queuesByArn(stack, queues)));
  return (event) => {
    for (const rule of rules.filter(({ matches }) => matches(event))) rule.deliver(JSON.stringify(event));
  };
}

function queuesByArn(stack: EventBusOptions['stack'], queues: LocalQueue[]): Map<string, LocalQueue | undefined> {
  return new Map(stack.queues.map(({ arn }, index) => [arn, queues[index]]));
}

function toRule({ name, pattern, targetArns }: PackagedRule, queueByArn: Map<string, LocalQueue | undefined>): Rule {
  const targets = targetArns.map((arn) => {
    const queue = queueByArn.get(arn);
    if (queue === undefined)
      throw new StartupFault(`The rule ${name} of the packaged template has the target ${arn}, which is no queue that a function reads.`);
    return queue;
  });
  return {
    name,
    matches: compilePattern(name, pattern),
    deliver: (body) => {
      for (const queue of targets) queue.send(body);
    },
  };
}

/** The account of events from callers without one: the first that the rules accept. */
function firstAccount(rules: PackagedRule[]): string {
  const account = rules
    .flatMap(({ pattern }) => pattern.account ?? [])
    .find((value) => typeof value === 'string' && /^\d{12}$/.test(value));
  if (typeof account !== 'string')
    throw new StartupFault('No rule of the packaged template names an account of 12 digits that events may come from.');
  return account;
}
