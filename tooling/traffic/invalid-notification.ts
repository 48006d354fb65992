import type { Happening } from './account-life.ts';
import { type Circumstances, type Notification, notificationOf } from './notification-detail.ts';

type Detail = Record<string, unknown> & { eventdata: Record<string, unknown> & { notificationinformation?: Record<string, unknown> } };

/** Each fault keeps the session identifier, so that no two invalid notifications are the same. */
const faults = {
  'no account': (detail: Detail) => ({ ...detail, eventdata: { ...detail.eventdata, accountid: undefined } }),
  'state not text': (detail: Detail) => ({
    ...detail,
    eventdata: { ...detail.eventdata, notificationinformation: { ...detail.eventdata.notificationinformation, state: 7 } },
  }),
  'no notification information': (detail: Detail) => ({
    ...detail,
    eventdata: { ...detail.eventdata, notificationinformation: undefined },
  }),
  'unreadable time': (detail: Detail) => ({ ...detail, invocationtimestamp: 'yesterday at noon' }),
  'unusable tenant': (detail: Detail) => ({ ...detail, providerid: `${detail.providerid} & partners` }),
};

export type Fault = keyof typeof faults;

/** Faults that leave the tenant readable, so that its own quarantine shows them. */
export const faultsOfTenant = ['no account', 'state not text', 'no notification information', 'unreadable time'] as const;

export const allFaults = [...faultsOfTenant, 'unusable tenant'] as const;

export function invalidNotificationOf(happening: Happening, circumstances: Circumstances, fault: Fault): Notification {
  const notification = notificationOf(happening, circumstances, 'lower-case');
  return { ...notification, detail: faults[fault](notification.detail as Detail) };
}
