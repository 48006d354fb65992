import type { Metrics } from '../runtime/metrics.ts';
import type { MessageRecord, MessageReference, NotSentReason } from '../schemas/message.ts';
import type { MessageClass } from '../schemas/message-class.ts';
import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import type { Table } from '../store/table.ts';
import { keepsWithinLimit, mayGetText } from '../store/texts/account-texts.ts';
import { takeNumberSlot } from '../store/texts/number-texts.ts';
import { takeTenantSlot } from '../store/texts/tenant-texts.ts';

/** At this part of a tenant's texts of a day an alarm rings, while there is still time to raise the limit or to stop what sends them. */
const ALARM_AT = 0.8;

/** What the limits are asked about: a text that the policy let go. `at` in milliseconds since the epoch. */
type LimitRequest = { message: MessageReference; messageClass: MessageClass; to: string; policy: PublishedConfiguration; at: number };

/**
 * Takes the slots that a text needs before it is claimed, each by the message's own key, so that a repeat finds its own. What the law
 * requires needs none.
 *
 * At most two write units a text: one on the number's item and one on a share of the tenant's day. The account's limit needs none, since
 * its messages stand together: the claim is the slot (`keepsWithinLimit`). It is asked first, so that an account that had enough uses up
 * nothing of its numbers' or the tenant's, and the tenant's last.
 *
 * @returns the limit that is met, or undefined when the text may be claimed.
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

/** Whether a claimed message may keep its claim beside the account's other texts. */
export async function keepsClaim(table: Table, message: MessageRecord, policy: PublishedConfiguration, at: number): Promise<boolean> {
  if (message.channel !== 'sms' || message.class === 'regulatory') return true;
  const { staleAfterHours, sms } = policy.configuration;
  return keepsWithinLimit(table, { message, at, limit: sms.limits.account, staleAfterHours }, message.claimedAt);
}
