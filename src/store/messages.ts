import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { digest, lowestUlid } from '../schemas/event-id.ts';
import { MessageRecord, type MessageReference, type NotSentReason, type SendResult } from '../schemas/message.ts';
import { isoTime } from '../schemas/time.ts';
import { accountPartition, messageKey, receiptKey } from './keys.ts';
import { type Key, readItem, readRange, type Table, walkRange } from './table.ts';

const MAX_MESSAGES_OF_EVENT = 50;
const PAGE_SIZE = 100;
const DAY_MILLISECONDS = 24 * 3_600_000;
/** How long after its event a message may be decided: the longest `staleAfterHours`, then a run as long as `workflowTimeoutSeconds`. */
const MAX_EPISODE_MILLISECONDS = (30 + 60) * DAY_MILLISECONDS;

/**
 * Every state change answers how it went, with the record as it then stands: `already-done` when it stands so already, `conflict` when it
 * is in a state, or belongs to a run, that the change does not start from.
 */
export type Transition = { outcome: 'done' | 'already-done' | 'conflict'; message: MessageRecord };

export type ClaimedMessage = MessageRecord & { state: 'claimed' };
export type HeldMessage = MessageRecord & { state: 'held'; heldUntil: string };
export type NotSentMessage = MessageRecord & { state: 'not-sent'; reason: NotSentReason };
export type MergedMessage = MessageRecord & { state: 'merged'; mergedInto: string };

/** Claims a message before it is sent. From none, or `held` by the same run, to `claimed`. */
export function claimMessage(table: Table, message: ClaimedMessage): Promise<Transition> {
  return decideOnce(table, message);
}

/** Holds a message back until its window opens. From none, or `held` by the same run, to `held`. */
export function holdMessage(table: Table, message: HeldMessage): Promise<Transition> {
  return decideOnce(table, message);
}

/** Puts on record that a message is not sent, and why. From none, or `held` by the same run, to `not-sent`. */
export function recordNotSent(table: Table, message: NotSentMessage): Promise<Transition> {
  return decideOnce(table, message);
}

/** Puts on record that another event's message says it too. From none, or `held` by the same run, to `merged`. */
export function mergeMessage(table: Table, message: MergedMessage): Promise<Transition> {
  return decideOnce(table, message);
}

async function decideOnce(table: Table, message: MessageRecord): Promise<Transition> {
  const Item = { ...keyOf(message), ...message };
  const ConditionExpression = 'attribute_not_exists(pk) OR (#state = :held AND #owner = :owner)';
  const ExpressionAttributeNames = { '#state': 'state', '#owner': 'owner' };
  const ExpressionAttributeValues = { ':held': 'held', ':owner': message.owner };
  const condition = { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues };
  try {
    await table.client.send(new PutCommand({ TableName: table.name, Item, ...condition }));
    return { outcome: 'done', message };
  } catch (error) {
    const stored = await readConflicting(table, message, error);
    const same = stored.owner === message.owner && stored.state === message.state;
    return { outcome: same ? 'already-done' : 'conflict', message: stored };
  }
}

/** Gives up the claim of a message that is not to be sent, with the words that nobody was sent. From `claimed`, before any attempt, to `not-sent`. */
export function giveUpClaim(table: Table, reference: MessageReference, reason: NotSentReason): Promise<Transition> {
  return change(table, reference, {
    target: 'not-sent',
    UpdateExpression: 'SET #state = :notSent, #reason = :reason REMOVE #to, sender, #text, parts, encoding',
    ConditionExpression: '#state = :claimed AND attribute_not_exists(attemptId)',
    ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason', '#to': 'to', '#text': 'text' },
    ExpressionAttributeValues: { ':claimed': 'claimed', ':notSent': 'not-sent', ':reason': reason },
  });
}

/**
 * Notes that a claimed message is being handed over: whoever gets `done` may do so, once. From `claimed` to `claimed`, under way.
 *
 * @param attemptId names the attempt, so that a repeated request is known as the same one.
 * @returns `already-done` when another attempt began before, of which nobody knows how it ended; `conflict` in any other state.
 */
export function beginSendAttempt(table: Table, reference: MessageReference, attemptId: string): Promise<Transition> {
  return change(table, reference, {
    target: 'claimed',
    UpdateExpression: 'SET attemptId = :attemptId',
    ConditionExpression: '#state = :claimed AND (attribute_not_exists(attemptId) OR attemptId = :attemptId)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':claimed': 'claimed', ':attemptId': attemptId },
  });
}

/**
 * Notes that the carrier took no more for a moment, so that another attempt may begin. From `claimed`, under way by this attempt, to
 * `claimed`.
 *
 * @param postponed `at` in milliseconds since the epoch, `reason` in the carrier's words.
 */
export function postponeSendAttempt(
  table: Table,
  reference: MessageReference,
  postponed: { attemptId: string; reason: string; at: number },
): Promise<Transition> {
  return change(table, reference, {
    target: 'claimed',
    UpdateExpression: 'SET postponedAt = :at, postponedFor = :reason REMOVE attemptId',
    ConditionExpression: '#state = :claimed AND attemptId = :attemptId',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':claimed': 'claimed',
      ':attemptId': postponed.attemptId,
      ':at': isoTime(postponed.at),
      ':reason': postponed.reason,
    },
  });
}

/**
 * Puts on record what came of sending. From `claimed` to `accepted`, `failed` or `unknown`.
 *
 * @param at milliseconds since the epoch.
 */
export async function finalizeMessage(table: Table, reference: MessageReference, result: SendResult, at: number): Promise<Transition> {
  // The way back from a receipt is laid before the state: a receipt can then never find an accepted message without it.
  if (result.outcome === 'accepted')
    await writeReceiptPath(table, { ...reference, ...(await findMessage(table, reference)) }, result.providerMessageId);
  return change(table, reference, {
    target: result.outcome,
    UpdateExpression: 'SET #state = :state, finalizedAt = :at, #detail = :detail',
    ConditionExpression: '#state = :claimed',
    ExpressionAttributeNames: { '#state': 'state', '#detail': result.outcome === 'accepted' ? 'providerMessageId' : 'reason' },
    ExpressionAttributeValues: {
      ':claimed': 'claimed',
      ':state': result.outcome,
      ':at': isoTime(at),
      ':detail': result.outcome === 'accepted' ? result.providerMessageId : result.reason,
    },
  });
}

type Change = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
> & { target: MessageRecord['state'] };

async function change(table: Table, reference: MessageReference, { target, ...update }: Change): Promise<Transition> {
  try {
    const request = { TableName: table.name, Key: keyOf(reference), ReturnValues: 'ALL_NEW' as const, ...update };
    const { Attributes } = await table.client.send(new UpdateCommand(request));
    return { outcome: 'done', message: MessageRecord.parse(Attributes) };
  } catch (error) {
    const message = await readConflicting(table, reference, error);
    return { outcome: message.state === target ? 'already-done' : 'conflict', message };
  }
}

/** The record because of which a conditional write failed. (It is read back: not every DynamoDB returns it on failure.) */
async function readConflicting(table: Table, reference: MessageReference, error: unknown): Promise<MessageRecord> {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  const stored = await findMessage(table, reference);
  if (!stored) throw new Error('The message to change was not found.', { cause: error });
  return stored;
}

export async function findMessage(table: Table, reference: MessageReference): Promise<MessageRecord | undefined> {
  const item = await readItem(table, keyOf(reference));
  return item && MessageRecord.parse(item);
}

/** The messages that the runs of one event claimed, held, merged or refused. */
export async function listMessages(table: Table, tenant: string, account: string, eventId: string): Promise<MessageRecord[]> {
  const partition = accountPartition(tenant, account);
  const range = { partition, from: `MESSAGE#${eventId}#`, to: `MESSAGE#${eventId}#~`, descending: false };
  const { items } = await readRange(table, range, MAX_MESSAGES_OF_EVENT);
  return items.map((item) => MessageRecord.parse(item));
}

/**
 * An account's messages decided at or after a time, whatever became of them. What is read is bounded: messages stand by their events, and
 * no episode lasts for ever.
 *
 * @param since milliseconds since the epoch.
 */
export async function listMessagesOfAccountSince(table: Table, tenant: string, account: string, since: number): Promise<MessageRecord[]> {
  const from = `MESSAGE#${lowestUlid(Math.max(0, since - MAX_EPISODE_MILLISECONDS))}`;
  const range = { partition: accountPartition(tenant, account), from, to: 'MESSAGE#~', descending: false };
  const messages: MessageRecord[] = [];
  for await (const item of walkRange(table, range, PAGE_SIZE)) {
    const message = MessageRecord.parse(item);
    if (Date.parse(message.claimedAt) >= since) messages.push(message);
  }
  return messages;
}

/** A message's own id, for a carrier to give back: a digest, which names nobody. */
export function messageId(reference: MessageReference): string {
  const { pk, sk } = keyOf(reference);
  return digest(`${pk}#${sk}`).toString('hex');
}

/** Where a message stands, for records that lead to it. */
export function keyOf({ tenant, account, eventId, workflow, step }: MessageReference): Key {
  return messageKey(tenant, account, eventId, workflow, step);
}

/**
 * Lays the way from an id that a receipt will name, the carrier's or our own, to the message. It ends with the message. May be repeated.
 */
export async function writeReceiptPath(
  table: Table,
  reference: MessageReference & Pick<MessageRecord, 'expiresAt'>,
  id: string,
): Promise<void> {
  const { pk: targetPk, sk: targetSk } = keyOf(reference);
  const { expiresAt } = reference;
  const key = receiptKey(digest(id).toString('hex'));
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, targetPk, targetSk, expiresAt } }));
}
