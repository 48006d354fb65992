import { interpretCounter, isWorst } from '../../configuration/counter-meaning.ts';
import type { TenantConfiguration } from '../../schemas/configuration/tenant-configuration.ts';
import type { Notification } from '../../schemas/event/notification.ts';
import { decisionInForce, type RecordedEvent } from '../../schemas/event/recorded-event.ts';
import type { WorkflowName } from '../../schemas/run/workflow.ts';

export type CounterStatus =
  | { status: 'send' }
  /** A worse state may still come within the quiet period: check again at that time (milliseconds since the epoch). */
  | { status: 'wait'; until: number }
  | { status: 'recovered' }
  /** The message of another event in the quiet period covers this one. */
  | { status: 'merged'; into: string };

type Look = {
  event: RecordedEvent;
  /** All events of the account from one quiet period before this event on. */
  others: RecordedEvent[];
  workflow: WorkflowName;
  configuration: Pick<TenantConfiguration, 'counters'>;
  quietMilliseconds: number;
  now: number;
};

/**
 * Several thresholds within the quiet period give one message, the most severe. An event in the worst state sends at once; any other waits
 * until the period is over. A good state cancels what is pending and starts again.
 */
export function findCounterStatus({ event, others, workflow, configuration, quietMilliseconds, now }: Look): CounterStatus {
  const counter = others.filter((other) => counterOf(other.notification) === counterOf(event.notification) && other.id !== event.id);
  const goods = goodsFor(event, others, configuration);
  if (goods.some((good) => follows(event.notification, good.notification))) return { status: 'recovered' };
  const group = counter.filter(
    (other) =>
      decisionInForce(other).start.includes(workflow) &&
      Math.abs(timeOf(other) - timeOf(event)) <= quietMilliseconds &&
      !goods.some((good) => timeOf(good) > timeOf(other) && timeOf(good) <= timeOf(event)),
  );
  const stronger = group.find((other) => outranks(other, event, configuration));
  if (stronger) return { status: 'merged', into: stronger.id };
  const quietUntil = timeOf(event) + quietMilliseconds;
  return isWorst(event.notification, configuration) || now >= quietUntil ? { status: 'send' } : { status: 'wait', until: quietUntil };
}

/**
 * Whether an event sends although its counter sent a message within the quiet period: the counter was good in between, or its state is
 * worse than the one in that message.
 */
export function breaksQuiet(event: RecordedEvent, messaged: RecordedEvent, look: Pick<Look, 'others' | 'configuration'>): boolean {
  const wasGood = goodsFor(event, look.others, look.configuration).some(
    (good) => timeOf(good) > timeOf(messaged) && timeOf(good) <= timeOf(event),
  );
  return wasGood || rankOf(event, look.configuration) > rankOf(messaged, look.configuration);
}

/** One counter of one device. Credit warning and out-of-credit are two counters, each with its own message. */
export function counterOf({ name, device }: Pick<Notification, 'name' | 'device'>): string {
  return `${name}#${device ?? ''}`;
}

function goodsFor({ id, notification }: RecordedEvent, others: RecordedEvent[], configuration: Look['configuration']): RecordedEvent[] {
  return others.filter(
    ({ id: otherId, notification: other }) =>
      otherId !== id && counterOf(other) === counterOf(notification) && interpretCounter(other, configuration)?.meaning === 'good',
  );
}

/**
 * The worse state wins, then the worse threshold, then the earlier event. The threshold does not count against an event in the worst state,
 * which has sent at once.
 */
function outranks(other: RecordedEvent, event: RecordedEvent, configuration: Look['configuration']): boolean {
  const worse = rankOf(other, configuration) - rankOf(event, configuration);
  if (worse !== 0) return worse > 0;
  const mayBeOutdone = !isWorst(event.notification, configuration);
  const depth = mayBeOutdone ? depthOf(other, configuration) - depthOf(event, configuration) : 0;
  if (depth !== 0) return depth > 0;
  const earlier = timeOf(event) - timeOf(other);
  return earlier === 0 ? other.id < event.id : earlier > 0;
}

function rankOf({ notification }: RecordedEvent, configuration: Look['configuration']): number {
  const meaning = interpretCounter(notification, configuration)?.meaning;
  return meaning === 'critical' ? 2 : meaning === 'low' ? 1 : 0;
}

/** Less remaining, or more used, is further. */
function depthOf({ notification }: RecordedEvent, configuration: Look['configuration']): number {
  const { threshold } = notification;
  if (threshold === undefined) return Number.NEGATIVE_INFINITY;
  return interpretCounter(notification, configuration)?.counts === 'usage' ? threshold : -threshold;
}

/** Later, or at the same time and out of exactly this state. */
function follows(notification: Notification, other: Notification): boolean {
  if (other.occurredAt !== notification.occurredAt) return other.occurredAt > notification.occurredAt;
  return other.previousState === notification.state;
}

function timeOf({ notification }: RecordedEvent): number {
  return Date.parse(notification.occurredAt);
}
