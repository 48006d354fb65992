import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { digest } from '../../platform/hash.ts';
import { expiryAfter, type Key, putOnce, type Table } from '../../platform/table.ts';
import { answerKey } from '../../schemas/keys.ts';
import type { SendResult } from '../../schemas/message/message.ts';
import type { AnsweredKeyword } from '../../schemas/message/reply.ts';
import { KEPT_DAYS } from './first-delivery.ts';

/**
 * Claims the answer to a text, so that it is sent at most once. From none to `claimed`.
 *
 * @param at milliseconds since the epoch.
 * @returns `already-done` when it was claimed before and may have been sent.
 */
export async function claimAnswer(
  table: Table,
  inboundMessageId: string,
  answer: { tenant: string; word: AnsweredKeyword },
  at: number,
): Promise<'done' | 'already-done'> {
  const claimedAt = new Date(at).toISOString();
  const expiresAt = expiryAfter(at, KEPT_DAYS);
  const { outcome } = await putOnce(table, { ...keyOf(inboundMessageId), ...answer, state: 'claimed', claimedAt, expiresAt });
  return outcome;
}

/** To `accepted`, `failed` or `unknown`. */
export async function finalizeAnswer(table: Table, inboundMessageId: string, result: SendResult, at: number): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(inboundMessageId),
      UpdateExpression: 'SET #state = :state, finalizedAt = :at, #detail = :detail',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state', '#detail': result.outcome === 'accepted' ? 'providerMessageId' : 'reason' },
      ExpressionAttributeValues: {
        ':state': result.outcome,
        ':at': new Date(at).toISOString(),
        ':detail': result.outcome === 'accepted' ? result.providerMessageId : result.reason,
      },
    }),
  );
}

function keyOf(inboundMessageId: string): Key {
  return answerKey(digest(inboundMessageId).toString('hex'));
}
