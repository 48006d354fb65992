import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../../platform/hash.ts';
import { putOnce, type Table } from '../../platform/table.ts';
import { isoTime } from '../../platform/time.ts';
import { ulid } from '../../platform/ulid.ts';
import { replyKey } from '../../schemas/keys.ts';
import { type ReplyAnswer, type ReplyKeyword, ReplyRecord } from '../../schemas/message/reply.ts';
import type { Subscriber } from './subscribers.ts';

/** `inboundMessageId` is AWS's id; `sentAt` in milliseconds since the epoch. */
export type AppliedReply = { inboundMessageId: string; word: ReplyKeyword; sentAt: number; offerId?: string | undefined };

/** Records an applied text on the account. May be repeated: the first write wins and is returned. */
export async function recordReply(table: Table, { tenant, account }: Subscriber, reply: AppliedReply): Promise<ReplyRecord> {
  const record: ReplyRecord = { id: idOf(reply), word: reply.word, sentAt: isoTime(reply.sentAt), offerId: reply.offerId };
  const result = await putOnce(table, { ...replyKey(tenant, account, record.id), ...record });
  return result.outcome === 'done' ? record : ReplyRecord.parse(result.stored);
}

/** Only the result of a send attempt overwrites a stored answer, because a text may be delivered twice. */
export async function recordAnswer(
  table: Table,
  { tenant, account }: Subscriber,
  { reply, answer }: { reply: AppliedReply; answer: ReplyAnswer },
): Promise<void> {
  const wasSent = answer.state !== 'none' && answer.reason !== INTERRUPTED;
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: replyKey(tenant, account, idOf(reply)),
      UpdateExpression: wasSent ? 'SET answer = :answer' : 'SET answer = if_not_exists(answer, :answer)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':answer': answer },
    }),
  );
}

/** The answer was claimed, and its result was never recorded. */
export const INTERRUPTED = 'interrupted';

function idOf({ sentAt, inboundMessageId }: AppliedReply): string {
  return ulid(sentAt, digest(inboundMessageId));
}
