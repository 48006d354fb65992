import type { Notification } from '../schemas/notification.ts';
import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';
import { readCounter } from './counter-meaning.ts';

/** Whether a notification is a later word on the same counter of the same device. */
export function isLaterWordOn(notification: Notification, other: Notification): boolean {
  return other.name === notification.name && other.device === notification.device && other.occurredAt > notification.occurredAt;
}

/** Whether a counter is good again, going by the newest word on it, if there is one. */
export function hasRecovered(newest: Notification | undefined, configuration: Pick<TenantConfiguration, 'counters'>): boolean {
  return newest !== undefined && readCounter(newest, configuration)?.meaning === 'good';
}
