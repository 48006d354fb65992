import { NO_TENANT } from '../../schemas/no-tenant.ts';
import { isSamePhone } from '../../schemas/phone-number.ts';
import type { SmsReply } from '../../schemas/sms-reply.ts';
import { findSentMessage } from '../receipts.ts';
import type { Table } from '../table.ts';
import { accountsOfPhone } from './profiles.ts';

/** Whose text it may be. */
export type Subscriber = { tenant: string; account: string };

/**
 * Finds whom a text is from: the account of the message it answers, then that tenant's other accounts with the number. Where AWS does
 * not say which message that is, every account with the number, of every tenant: a wish to get no more texts is honoured by all.
 *
 * @returns also whose texts are meant: the tenant, or `NO_TENANT` for all.
 */
export async function findSubscribers(table: Table, reply: SmsReply): Promise<{ tenant: string; subscribers: Subscriber[] }> {
  const { originationNumber, previousPublishedMessageId } = reply;
  const [sent, known] = await Promise.all([
    previousPublishedMessageId ? findSentMessage(table, previousPublishedMessageId) : undefined,
    accountsOfPhone(table, originationNumber),
  ]);
  // The text is from whoever has the number now: a message to another number says nothing.
  if (sent?.message.to === undefined || !isSamePhone(sent.message.to, originationNumber)) return { tenant: NO_TENANT, subscribers: known };
  const { tenant, account } = sent.message;
  const others = known.filter((other) => other.tenant === tenant && other.account !== account);
  return { tenant, subscribers: [{ tenant, account }, ...others] };
}
