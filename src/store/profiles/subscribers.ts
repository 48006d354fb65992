import { isSamePhone } from '../../schemas/phone-number.ts';
import type { ReplyKeyword } from '../../schemas/reply.ts';
import { ALL_TENANTS } from '../../schemas/reserved-tenants.ts';
import type { SmsReply } from '../../schemas/sms-reply.ts';
import { findNumberOwner } from '../number-owners.ts';
import { findSentMessage } from '../receipts.ts';
import type { Table } from '../table.ts';
import { accountsOfPhone } from './profiles.ts';

export type Subscriber = { tenant: string; account: string };

/**
 * Whom a text concerns: whose texts are meant (a tenant, or `ALL_TENANTS` for all), the accounts that it is heeded for, and the one that is
 * answered. Nobody is, where the answer could be in another tenant's name.
 */
export type Meant = { tenant: string; subscribers: Subscriber[]; answering: Subscriber | undefined };

/**
 * Finds whom a text concerns. Who owns the number that was texted is meant, and nobody else. Where no tenant does: the account of the
 * message it answers, then that tenant's other accounts with the number; and where AWS does not say which message that is, every account
 * with the number, of every tenant. A wish to get no more texts is honoured by all of these, whoever owns the number.
 */
export async function findSubscribers(table: Table, reply: SmsReply, word: ReplyKeyword): Promise<Meant> {
  const { originationNumber, previousPublishedMessageId } = reply;
  const [owner, sent, known] = await Promise.all([
    findNumberOwner(table, reply),
    previousPublishedMessageId ? findSentMessage(table, previousPublishedMessageId) : undefined,
    accountsOfPhone(table, originationNumber),
  ]);
  // The text is from whoever has the number now: a message to another number says nothing.
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
  // A confirmation is owed to a stop; help in another brand's name would mislead.
  const isUnclear = word === 'help' && known.some(({ tenant }) => tenant !== first?.tenant);
  return { tenant: ALL_TENANTS, subscribers: known, answering: isUnclear ? undefined : first };
}

function withFirst({ tenant, account }: Subscriber, known: Subscriber[]): Subscriber[] {
  return [{ tenant, account }, ...known.filter((other) => other.tenant !== tenant || other.account !== account)];
}
