import { isDeepStrictEqual } from 'node:util';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { digest } from '../../platform/hash.ts';
import { changeIf, type Key, readItem, type Table } from '../../platform/table.ts';
import { receiptKey } from '../../schemas/keys.ts';
import { MessageRecord } from '../../schemas/message/message.ts';
import type { Receipt } from '../../schemas/message/receipt.ts';

const Target = z.object({ targetPk: z.string(), targetSk: z.string() });

/** `conflict`: the receipt does not change the message's state. `unmatched`: no message has that id. */
export type ReceiptOutcome = { outcome: 'done' | 'already-done' | 'conflict'; message: MessageRecord } | { outcome: 'unmatched' };

/** What the functions count. */
export const RECEIPT_OUTCOMES = { done: 'recorded', 'already-done': 'repeated', conflict: 'superseded' } as const;

/** @param id the carrier's id of the message, or our own. */
export async function findSentMessage(table: Table, id: string): Promise<{ key: Key; message: MessageRecord } | undefined> {
  const found = await readItem(table, receiptKey(digest(id).toString('hex')));
  if (!found) return undefined;
  const { targetPk, targetSk } = Target.parse(found);
  const key = { pk: targetPk, sk: targetSk };
  const message = await findMessageByKey(table, key);
  return message && { key, message };
}

export async function findMessageByKey(table: Table, key: Key): Promise<MessageRecord | undefined> {
  const item = await readItem(table, key);
  return item && MessageRecord.parse(item);
}

/** `messageId` is our own id, when the carrier returns it. */
export type ReceiptNames = { providerMessageId: string; messageId?: string | undefined };

/**
 * Records a carrier's receipt. From `claimed` (the receipt came before our own record), `accepted` or `unknown` to `delivered` or `failed`;
 * from `delivered` only when the receipt overrules a delivery.
 */
export async function recordReceipt(table: Table, names: ReceiptNames, receipt: Receipt): Promise<ReceiptOutcome> {
  const { providerMessageId, messageId } = names;
  const found =
    (await findSentMessage(table, providerMessageId)) ?? (messageId === undefined ? undefined : await findSentMessage(table, messageId));
  if (!found) return { outcome: 'unmatched' };
  const changed = await changeIf(table, transition({ tableName: table.name, key: found.key, providerMessageId, receipt }));
  if (changed) return { outcome: 'done', message: MessageRecord.parse(changed) };
  const message = await findMessageByKey(table, found.key);
  if (!message) return { outcome: 'unmatched' };
  return { outcome: isSameReceipt(message, receipt) ? 'already-done' : 'conflict', message };
}

type Change = { tableName: string; key: Key; providerMessageId: string; receipt: Receipt };

function transition({ tableName, key, providerMessageId, receipt }: Change): UpdateCommand {
  const open = '#state IN (:claimed, :accepted, :unknown)';
  // A complaint does not change the state, so only its time shows whether it is new.
  const overruling = receipt.becomes === 'failed' ? '#state = :delivered' : '#state = :delivered AND receiptAt < :at';
  return new UpdateCommand({
    TableName: tableName,
    Key: key,
    UpdateExpression:
      'SET #state = :state, receipt = :detail, receiptAt = :at, providerMessageId = if_not_exists(providerMessageId, :provider)',
    ConditionExpression: receipt.overrulesDelivery ? `${open} OR (${overruling})` : open,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':claimed': 'claimed',
      ':accepted': 'accepted',
      ':unknown': 'unknown',
      ...(receipt.overrulesDelivery ? { ':delivered': 'delivered' } : {}),
      ':state': receipt.becomes,
      ':detail': receipt.detail,
      ':at': receipt.at,
      ':provider': providerMessageId,
    },
    ReturnValues: 'ALL_NEW',
  });
}

function isSameReceipt(message: MessageRecord, receipt: Receipt): boolean {
  return message.state === receipt.becomes && (!receipt.overrulesDelivery || isDeepStrictEqual(message.receipt, receipt.detail));
}
