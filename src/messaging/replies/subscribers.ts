import { ALL_TENANTS } from '../../platform/reserved-tenants.ts';
import type { Table } from '../../platform/table.ts';
import { accountsOfPhone } from '../../profiles/profile-records.ts';
import type { ReplyKeyword } from '../../schemas/message/reply.ts';
import type { SmsReply } from '../../schemas/message/sms-reply.ts';
import { isSamePhone } from '../../schemas/profile/phone-number.ts';
import { findSentMessage } from '../receipts/receipt-records.ts';
import { findNumberOwner } from './number-owners.ts';

export type Subscriber = { tenant: string; account: string };

/**
 * `tenant`: whose texts are meant, or `ALL_TENANTS`. `subscribers`: the accounts the text applies to. `answering`: the account that gets
 * the answer; none when the answer could carry the wrong tenant's name.
 */
export type Meant = { tenant: string; subscribers: Subscriber[]; answering: Subscriber | undefined };

/**
 * Finds the accounts that a text concerns: those of the tenant that owns the texted number. Without an owner: the account of the answered
 * message, then other accounts of that tenant with the number. When AWS does not name that message: every account with the number, of every
 * tenant.
 *
 * An opt-out applies as if no tenant owned the number.
 */
export async function findSubscribers(table: Table, reply: SmsReply, word: ReplyKeyword): Promise<Meant> {
  const { originationNumber, previousPublishedMessageId } = reply;
  const [owner, sent, known] = await Promise.all([
    findNumberOwner(table, reply),
    previousPublishedMessageId ? findSentMessage(table, previousPublishedMessageId) : undefined,
    accountsOfPhone(table, originationNumber),
  ]);
  // The sender owns the number now: a message to another number proves nothing.
  const answered = sent?.message.to !== undefined && isSamePhone(sent.message.to, originationNumber) ? sent.message : undefined;
  const candidates = answered ? withFirst(answered, known) : known;
  if (owner !== undefined) {
    const [answering, ...others] = candidates.filter(({ tenant }) => tenant === owner);
    const own = answering ? [answering, ...others] : [];
    if (word !== 'stop') return { tenant: owner, subscribers: own, answering };
    if (answered === undefined) return { tenant: ALL_TENANTS, subscribers: candidates, answering };
  }
  if (answered) {
    const subscribers = candidates.filter(({ tenant }) => tenant === answered.tenant);
    return { tenant: answered.tenant, subscribers, answering: subscribers[0] };
  }
  const [first] = known;
  // A stop must be confirmed. Help in another brand's name would mislead.
  const isUnclear = word === 'help' && known.some(({ tenant }) => tenant !== first?.tenant);
  return { tenant: ALL_TENANTS, subscribers: known, answering: isUnclear ? undefined : first };
}

function withFirst({ tenant, account }: Subscriber, known: Subscriber[]): Subscriber[] {
  return [{ tenant, account }, ...known.filter((other) => other.tenant !== tenant || other.account !== account)];
}
