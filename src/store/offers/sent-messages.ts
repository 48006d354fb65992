import type { MessageRecord, SendResult } from '../../schemas/message.ts';
import { type OfferRecord, type OfMessage, offerReferenceOf } from '../../schemas/offer-record.ts';
import { offerKey } from '../keys.ts';
import type { Table } from '../table.ts';
import { transact } from '../transact.ts';
import { countOf, type OfferCount } from './counts.ts';
import { ContendedOffer, findOffer } from './offers.ts';

export type SentMessage = OfMessage & Pick<MessageRecord, 'channel' | 'parts' | 'class' | 'state'>;

/**
 * Counts a message of an offer that a carrier took, or may have taken, for what it cost: once, however often it is noted. Of any other
 * message it does nothing.
 *
 * @throws ContendedOffer when others counted at the same moment.
 */
export async function recordSending(table: Table, message: SentMessage, { outcome }: Pick<SendResult, 'outcome'>): Promise<void> {
  if (outcome === 'failed') return;
  const { channel, step, parts = 1 } = message;
  const added = channel === 'sms' ? { sent_sms: 1, parts_sms: parts } : { sent_email: 1 };
  await recordOnce(table, message, { field: 'sent', value: step, added });
}

/**
 * Counts an issue as delivered on a channel when its offer or its reminder is: once for each channel. Of any other message it does
 * nothing; what confirms a redemption is no offer.
 *
 * @throws ContendedOffer when others counted at the same moment.
 */
export async function recordDelivery(table: Table, message: SentMessage): Promise<void> {
  const { channel, state } = message;
  if (state !== 'delivered' || message.class !== 'marketing') return;
  await recordOnce(table, message, { field: 'deliveredBy', value: channel, added: { [`delivered_${channel}`]: 1 } });
}

type Note = { field: 'sent' | 'deliveredBy'; value: string; added: Partial<Record<OfferCount, number>> };

async function recordOnce(table: Table, message: OfMessage, { field, value, added }: Note): Promise<void> {
  const reference = offerReferenceOf(message);
  const record = reference && (await findOffer(table, reference));
  if (!record || isNoted(record, field, value)) return;
  const update = {
    TableName: table.name,
    Key: offerKey(record),
    UpdateExpression: 'SET #field = list_append(if_not_exists(#field, :none), :values)',
    ConditionExpression: 'attribute_not_exists(#field) OR NOT contains(#field, :value)',
    ExpressionAttributeNames: { '#field': field },
    ExpressionAttributeValues: { ':none': [], ':values': [value], ':value': value },
  };
  const reasons = await transact(table, [{ Update: update }, countOf(table, record, added)]);
  // Where the condition failed another one has noted it meanwhile.
  if (reasons !== undefined && reasons[0] !== 'ConditionalCheckFailed')
    throw new ContendedOffer('The counters changed concurrently. It is retried.');
}

function isNoted(record: OfferRecord, field: Note['field'], value: string): boolean {
  const recorded: string[] = record[field] ?? [];
  return recorded.includes(value);
}
