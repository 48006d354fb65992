import { PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { DAY } from '../platform/duration.ts';
import { digest } from '../platform/hash.ts';
import { changeIf, type Key, readItem, readRange, type Table, walkRange, writeIf } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { lowestUlid } from '../platform/ulid.ts';
import { accountPartition, messageKey, receiptKey } from '../schemas/keys.ts';
import { MessageRecord, type MessageReference, type NotSentReason, type SendResult } from '../schemas/message/message.ts';

const MAX_MESSAGES_OF_EVENT = 50;
const PAGE_SIZE = 100;
/**
 * The longest time from an event to a decision on its message: the maximum `staleAfterHours`, then a run as long as
 * `workflowTimeoutSeconds`.
 */
const MAX_EPISODE_MILLISECONDS = (30 + 60) * DAY;

/**
 * The outcome of a state change, with the stored record. `conflict`: the message is in a state, or belongs to a run, that the change does
 * not start from.
 */
export type Transition = { outcome: 'done' | 'already-done' | 'conflict'; message: MessageRecord };

export type ClaimedMessage = MessageRecord & { state: 'claimed' };
export type HeldMessage = MessageRecord & { state: 'held'; heldUntil: string };
export type NotSentMessage = MessageRecord & { state: 'not-sent'; reason: NotSentReason };
export type MergedMessage = MessageRecord & { state: 'merged'; mergedInto: string };

/** From none, or `held` by the same run, to `claimed`. */
export function claimMessage(table: Table, message: ClaimedMessage): Promise<Transition> {
  return decideOnce(table, message);
}

/** From none, or `held` by the same run, to `held`. */
export function holdMessage(table: Table, message: HeldMessage): Promise<Transition> {
  return decideOnce(table, message);
}

/** From none, or `held` by the same run, to `not-sent`. */
export function recordNotSent(table: Table, message: NotSentMessage): Promise<Transition> {
  return decideOnce(table, message);
}

/** The message of another event covers this one. From none, or `held` by the same run, to `merged`. */
export function mergeMessage(table: Table, message: MergedMessage): Promise<Transition> {
  return decideOnce(table, message);
}

async function decideOnce(table: Table, message: MessageRecord): Promise<Transition> {
  const Item = { ...keyOf(message), ...message };
  const ConditionExpression = 'attribute_not_exists(pk) OR (#state = :held AND #owner = :owner)';
  const ExpressionAttributeNames = { '#state': 'state', '#owner': 'owner' };
  const ExpressionAttributeValues = { ':held': 'held', ':owner': message.owner };
  const condition = { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues };
  if (await writeIf(table, new PutCommand({ TableName: table.name, Item, ...condition }))) return { outcome: 'done', message };
  const stored = await readConflicting(table, message);
  const same = stored.owner === message.owner && stored.state === message.state;
  return { outcome: same ? 'already-done' : 'conflict', message: stored };
}

/** Releases a claim and erases the unsent content. From `claimed`, before any attempt, to `not-sent`. */
export function releaseClaim(table: Table, reference: MessageReference, reason: NotSentReason): Promise<Transition> {
  return change(table, reference, {
    target: 'not-sent',
    UpdateExpression: 'SET #state = :notSent, #reason = :reason REMOVE #to, sender, #text, parts, encoding',
    ConditionExpression: '#state = :claimed AND attribute_not_exists(attemptId)',
    ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason', '#to': 'to', '#text': 'text' },
    ExpressionAttributeValues: { ':claimed': 'claimed', ':notSent': 'not-sent', ':reason': reason },
  });
}

/**
 * Starts the one send attempt of a claimed message. Only the caller that gets `done` may send. From `claimed` without an attempt to
 * `claimed` with one.
 *
 * @param attemptId names the attempt, so that a repeated request counts as the same one.
 * @returns `already-done` when another attempt started before, with an unknown outcome; `conflict` in any other state.
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
 * Ends an attempt that the carrier throttled or that never reached it, so that another may start. From `claimed` with this attempt to
 * `claimed` without one.
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
 * Records the result of the attempt. From `claimed` to `accepted`, `failed` or `unknown`.
 *
 * @param at milliseconds since the epoch.
 */
export async function finalizeMessage(table: Table, reference: MessageReference, result: SendResult, at: number): Promise<Transition> {
  // Before the state change, so that a receipt always finds an accepted message.
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
  const request = { TableName: table.name, Key: keyOf(reference), ReturnValues: 'ALL_NEW' as const, ...update };
  const changed = await changeIf(table, new UpdateCommand(request));
  if (changed) return { outcome: 'done', message: MessageRecord.parse(changed) };
  const message = await readConflicting(table, reference);
  return { outcome: message.state === target ? 'already-done' : 'conflict', message };
}

/** Read back, because not every DynamoDB returns the item on failure. */
async function readConflicting(table: Table, reference: MessageReference): Promise<MessageRecord> {
  const stored = await findMessage(table, reference);
  if (!stored) throw new Error('The message to change was not found.');
  return stored;
}

export async function findMessage(table: Table, reference: MessageReference): Promise<MessageRecord | undefined> {
  const item = await readItem(table, keyOf(reference));
  return item && MessageRecord.parse(item);
}

export async function listMessages(table: Table, tenant: string, account: string, eventId: string): Promise<MessageRecord[]> {
  const partition = accountPartition(tenant, account);
  const range = { partition, from: `MESSAGE#${eventId}#`, to: `MESSAGE#${eventId}#~`, descending: false };
  const { items } = await readRange(table, range, MAX_MESSAGES_OF_EVENT);
  return items.map((item) => MessageRecord.parse(item));
}

/**
 * An account's messages decided at or after a time, in any state. Message keys sort by event, so reading starts early enough for the
 * longest episode.
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

/** The id that a carrier returns in receipts: a digest without personal data. */
export function messageId(reference: MessageReference): string {
  const { pk, sk } = keyOf(reference);
  return digest(`${pk}#${sk}`).toString('hex');
}

export function keyOf({ tenant, account, eventId, workflow, step }: MessageReference): Key {
  return messageKey(tenant, account, eventId, workflow, step);
}

/** Writes the lookup from an id in a receipt, the carrier's or our own, to the message. It expires with the message. May be repeated. */
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
