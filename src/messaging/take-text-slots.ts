import type { Metrics } from '../platform/metrics.ts';
import type { Table } from '../platform/table.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { MessageRecord, MessageReference, NotSentReason } from '../schemas/message/message.ts';
import type { MessageClass } from '../schemas/message/message-class.ts';
import { keepsWithinLimit, mayGetText } from './limits/account-texts.ts';
import { takeNumberSlot } from './limits/number-texts.ts';
import { takeTenantSlot } from './limits/tenant-texts.ts';

/** The share of a tenant's daily limit that triggers the alarm, early enough to raise the limit or to stop the cause. */
const ALARM_AT = 0.8;

/** `at` in milliseconds since the epoch. */
type LimitRequest = { message: MessageReference; messageClass: MessageClass; to: string; policy: PublishedConfiguration; at: number };

/**
 * Reserves the slots of a text before it is claimed, by the message's key, so that a repeat finds its own. Regulatory texts need none.
 *
 * Costs at most two write units: the number's item and a share of the tenant's day. The account's limit costs none, because the claim
 * itself is the slot (`keepsWithinLimit`). It is checked first, so that a text over it uses up no other limit; the tenant's comes last.
 *
 * @returns the limit that is reached, or undefined when the text may be claimed.
 */
export async function takeTextSlots(table: Table, metrics: Metrics | undefined, request: LimitRequest): Promise<NotSentReason | undefined> {
  const { message, messageClass, to, policy, at } = request;
  if (messageClass === 'regulatory') return undefined;
  const { staleAfterHours, sms } = policy.configuration;
  const { number, account, tenantPerDay } = sms.limits;
  if (!(await mayGetText(table, { message, at, limit: account, staleAfterHours }))) return 'account-limit';
  if (!(await takeNumberSlot(table, { message, phone: to, at }, number))) return 'number-limit';
  const slot = await takeTenantSlot(table, { message, at, limit: tenantPerDay });
  const count = (outcome: string) => metrics?.([{ name: 'texts', type: 'tenant-day', outcome, tenant: message.tenant, count: 1 }]);
  if (!slot.taken) {
    count('limit-reached');
    return 'tenant-limit';
  }
  if (slot.reached !== undefined && slot.reached.texts === Math.ceil(slot.reached.size * ALARM_AT)) count('at-80-percent');
  return undefined;
}

export async function isWithinLimit(table: Table, message: MessageRecord, policy: PublishedConfiguration, at: number): Promise<boolean> {
  if (message.channel !== 'sms' || message.class === 'regulatory') return true;
  const { staleAfterHours, sms } = policy.configuration;
  return keepsWithinLimit(table, { message, at, limit: sms.limits.account, staleAfterHours }, message.claimedAt);
}
