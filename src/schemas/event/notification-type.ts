/** Each documented name with the one state in which it starts a workflow. `rolloverOccured` is Totogi's spelling. */
export const DOCUMENTED_STATES = {
  PlanExpiryWarning: 'warning',
  PlanExpired: 'expired',
  PlanCancelled: 'cancelled',
  PlanRollover: 'rolloverOccured',
  OutOfCredit: 'outOfCredit',
  AccountCreditWarning: 'warning',
  AutoRenewSuccess: 'renewSuccess',
  AutoRenewFailure: 'renewFailure',
  UnitAllowanceThreshold: 'low',
  NewPlanActivated: 'active',
} as const;

type DocumentedName = keyof typeof DOCUMENTED_STATES;
const DOCUMENTED_NAMES = Object.keys(DOCUMENTED_STATES) as DocumentedName[];

export const NOTIFICATION_TYPES = [...DOCUMENTED_NAMES, 'CounterThreshold', 'Unrecognised'] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** The documented name, else a counter if it has a threshold or its name says so, else unrecognised. */
export function notificationType(name: unknown, hasThresholdKey: boolean): NotificationType {
  if (typeof name === 'string' && Object.hasOwn(DOCUMENTED_STATES, name)) return name as NotificationType;
  return hasThresholdKey || (typeof name === 'string' && /threshold/i.test(name)) ? 'CounterThreshold' : 'Unrecognised';
}
