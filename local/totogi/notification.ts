import { isObject } from '../../src/platform/json-object.ts';
import { type Account, dayMs, iso, subscriptionTo } from './account.ts';

/** The part of a notification that changes Totogi's own account data. */
export type Notified = { provider: string; account: string; name: string; state: string; at: number; planId: string | undefined };

/** Assumed lead time of Totogi's warnings before a plan's end. */
const warningLeadMs = 3 * dayMs;

/** Undefined when the event names no account. Keys may have any letter case, and be flat as in 2022. */
export function parseNotified(detail: Record<string, unknown>, receivedAt: number): Notified | undefined {
  const eventData = objectAt(detail, 'eventdata');
  const information = objectAt(eventData, 'notificationinformation');
  const provider = textAt(detail, 'providerid') ?? textAt(detail, 'provider');
  const account = textAt(eventData, 'accountid') ?? textAt(detail, 'account');
  const name = textAt(information, 'name') ?? textAt(detail, 'counter');
  const state = textAt(information, 'state') ?? textAt(detail, 'state');
  if (provider === undefined || account === undefined || name === undefined || state === undefined) return undefined;
  const at = Date.parse(textAt(detail, 'invocationtimestamp') ?? '');
  const planId = textAt(objectAt(information, 'notificationfields'), 'planid');
  return { provider, account, name, state, at: Number.isNaN(at) ? receivedAt : at, planId };
}

/** Keeps Totogi's account consistent with its notifications. */
export function applyNotification(account: Account, { name, at, planId }: Omit<Notified, 'provider' | 'account'>): Account {
  const isCurrent = ({ from, to, used }: Account['subscriptions'][number]) => used && Date.parse(from) <= at && Date.parse(to) > at;
  const change = (to: (one: Account['subscriptions'][number]) => Account['subscriptions'][number]) => ({
    ...account,
    subscriptions: account.subscriptions.map((one) => (isCurrent(one) ? to(one) : one)),
  });
  switch (name) {
    case 'NewPlanActivated': {
      if (planId === undefined) return account;
      const finished = change((one) => ({ ...one, to: iso(at), renewal: null })).subscriptions;
      const bought = finished.findLast((one) => one.planId === planId && !one.used);
      if (bought) return { ...account, subscriptions: finished.map((one) => (one === bought ? { ...one, used: true } : one)) };
      return { ...account, subscriptions: [...finished, { ...subscriptionTo(planId, `activated-${at}`, at), used: true }] };
    }
    case 'PlanExpired':
    case 'PlanCancelled':
      return change((one) => ({ ...one, to: iso(at), renewal: null }));
    case 'PlanExpiryWarning':
      return change((one) => (one.isEndKnown ? one : { ...one, to: iso(at + warningLeadMs), renewal: null, isEndKnown: true }));
    default:
      return account;
  }
}

function objectAt(holder: Record<string, unknown> | undefined, key: string): Record<string, unknown> | undefined {
  const value = valueAt(holder, key);
  return isObject(value) ? value : undefined;
}

function textAt(holder: Record<string, unknown> | undefined, key: string): string | undefined {
  const value = valueAt(holder, key);
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function valueAt(holder: Record<string, unknown> | undefined, key: string): unknown {
  return holder && Object.entries(holder).find(([name]) => name.toLowerCase() === key)?.[1];
}
