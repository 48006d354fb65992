import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../schemas/event-id.ts';
import { MessageRecord, type MessageReference, type SendResult } from '../schemas/message.ts';
import { accountPartition, messageKey, receiptKey } from './keys.ts';
import { type Key, putOnce, readItem, readRange, type Table } from './table.ts';

const MOST_MESSAGES_OF_EVENT = 50;

/** Every state change answers how it went, with the record as it then stands. */
export type Transition = { outcome: 'done' | 'already-done' | 'refused'; message: MessageRecord };

/**
 * Claims a message before it is sent, or puts its refusal on record. From none to `claimed` or `refused`.
 *
 * @returns `already-done` when this very run claimed or refused it before, `refused` when it belongs to another.
 */
export async function claimMessage(table: Table, message: MessageRecord): Promise<Transition> {
  const result = await putOnce(table, { ...keyOf(message), ...message });
  if (result.outcome === 'done') return { outcome: 'done', message };
  const stored = MessageRecord.parse(result.stored);
  return { outcome: stored.owner === message.owner ? 'already-done' : 'refused', message: stored };
}

/**
 * Puts on record what came of sending. From `claimed` to `accepted`, `failed` or `unknown`.
 *
 * @param at milliseconds since the epoch.
 * @returns `already-done` when it stands so already, `refused` when it is in another state.
 */
export async function settleMessage(table: Table, reference: MessageReference, result: SendResult, at: number): Promise<Transition> {
  // The way back from a receipt is laid before the state: a receipt can then never find an accepted message without it.
  if (result.outcome === 'accepted') await layReceiptPath(table, reference, result.providerMessageId);
  try {
    const { Attributes } = await table.client.send(settlement(table.name, reference, result, at));
    return { outcome: 'done', message: MessageRecord.parse(Attributes) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const stored = await findMessage(table, reference);
    if (!stored) throw new Error('A message to be settled was never claimed.', { cause: error });
    return { outcome: stored.state === result.outcome ? 'already-done' : 'refused', message: stored };
  }
}

function settlement(tableName: string, reference: MessageReference, result: SendResult, at: number): UpdateCommand {
  const values = {
    ':claimed': 'claimed',
    ':state': result.outcome,
    ':at': new Date(at).toISOString(),
    ...(result.outcome === 'accepted' ? { ':detail': result.providerMessageId } : { ':detail': result.reason }),
  };
  return new UpdateCommand({
    TableName: tableName,
    Key: keyOf(reference),
    UpdateExpression: 'SET #state = :state, settledAt = :at, #detail = :detail',
    ConditionExpression: '#state = :claimed',
    ExpressionAttributeNames: { '#state': 'state', '#detail': result.outcome === 'accepted' ? 'providerMessageId' : 'reason' },
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_NEW',
  });
}

/** A message as it stands on record, or undefined. */
export async function findMessage(table: Table, reference: MessageReference): Promise<MessageRecord | undefined> {
  const item = await readItem(table, keyOf(reference));
  return item && MessageRecord.parse(item);
}

/** The messages that the runs of one event claimed or refused. */
export async function listMessages(table: Table, tenant: string, account: string, eventId: string): Promise<MessageRecord[]> {
  const range = {
    partition: accountPartition(tenant, account),
    from: `MESSAGE#${eventId}#`,
    to: `MESSAGE#${eventId}#~`,
    descending: false,
  };
  const { items } = await readRange(table, range, MOST_MESSAGES_OF_EVENT);
  return items.map((item) => MessageRecord.parse(item));
}

async function layReceiptPath(table: Table, reference: MessageReference, providerMessageId: string): Promise<void> {
  const { pk: targetPk, sk: targetSk } = keyOf(reference);
  const key = receiptKey(digest(providerMessageId).toString('hex'));
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, targetPk, targetSk } }));
}

function keyOf(reference: MessageReference): Key {
  return messageKey(reference.tenant, reference.account, reference.eventId, reference.workflow, reference.step);
}
