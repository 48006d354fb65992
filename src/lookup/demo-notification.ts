import { interpretCounter } from '../configuration/counter-meaning.ts';
import { humanAmount } from '../messaging/human-amount.ts';
import type { DemoNotification } from '../schemas/api/demo-routes.ts';
import type { CounterUnit } from '../schemas/configuration/counter-unit.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';

const COUNTED: Record<CounterUnit, string> = { bytes: 'data', seconds: 'voice', messages: 'text', money: 'credit', percent: 'allowance' };

type Counters = Pick<TenantConfiguration, 'counters' | 'currency'>;

export function isCounterNotGood({ notification }: RecordedEvent, configuration: Counters): boolean {
  const isCounter = notification.type === 'CounterThreshold' || notification.type === 'UnitAllowanceThreshold';
  const meaning = isCounter ? interpretCounter(notification, configuration)?.meaning : undefined;
  return meaning !== undefined && meaning !== 'good';
}

/** In the words of Totogi's demo front end, which shows them as they are. */
export function demoNotification({ notification }: RecordedEvent, configuration: Counters): DemoNotification {
  const { state, threshold, occurredAt } = notification;
  const unit = interpretCounter(notification, configuration)?.unit;
  const thresholdType = unit === undefined ? 'allowance' : COUNTED[unit];
  const amount = humanAmount(threshold, unit, 'en', configuration.currency);
  const words = ['Threshold', thresholdType, state, amount].filter((word) => word !== undefined);
  return { timestamp: occurredAt, message: `NOTIFICATION: ${words.join(' ')}.`, thresholdType };
}
