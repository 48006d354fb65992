import type { Table } from '../platform/table.ts';
import { transact } from '../platform/transact.ts';
import { offerKey } from '../schemas/keys.ts';
import type { MessageRecord, SendResult } from '../schemas/message/message.ts';
import { type OfferRecord, type OfMessage, offerReferenceOf } from '../schemas/offer/offer-record.ts';
import { countOf, type OfferCount } from './counts.ts';
import { findOffer } from './offer-records.ts';

export type SentMessage = OfMessage & Pick<MessageRecord, 'channel' | 'parts' | 'class' | 'state'>;

/**
 * Counts an accepted, or possibly accepted, message of an offer once, with its cost. Ignores other messages.
 *
 * @throws Contended when too many writes change the same counts; retry later.
 */
export async function recordSending(table: Table, message: SentMessage, { outcome }: Pick<SendResult, 'outcome'>): Promise<void> {
  if (outcome === 'failed') return;
  const { channel, step, parts = 1 } = message;
  const added = channel === 'sms' ? { sent_sms: 1, parts_sms: parts } : { sent_email: 1 };
  await recordOnce(table, message, { field: 'sent', value: step, added });
}

/**
 * Counts an offer as delivered, once per channel, when its first message or its reminder is. Ignores other messages, confirmations of a
 * redemption included.
 *
 * @throws Contended when too many writes change the same counts; retry later.
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
  // A failed condition means that another write has recorded it meanwhile.
  await transact(table, [{ Update: update }, countOf(table, record, added)]);
}

function isNoted(record: OfferRecord, field: Note['field'], value: string): boolean {
  const recorded: string[] = record[field] ?? [];
  return recorded.includes(value);
}
