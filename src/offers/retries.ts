import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { CONFLICT, retryOnConflict } from '../platform/retry-on-conflict.ts';
import { type Table, writeIf } from '../platform/table.ts';
import { offerKey } from '../schemas/keys.ts';
import { OfferRecord, type OfferState } from '../schemas/offer/offer-record.ts';
import { findOffer, type OfferReference, type OfferTransition } from './offer-records.ts';

/** Lower numbers belong to redrives of failed runs (run-redrives.ts). */
const FIRST_RETRY_NUMBER = 1_000;
const UNDER_WAY: readonly OfferState[] = ['accepted', 'redeeming', 'redeemed'];

/**
 * Records the account's subscriptions before Totogi is first asked for a plan. The first write wins.
 *
 * @returns the stored subscriptions.
 */
export async function recordPlansBefore(table: Table, reference: OfferReference, plans: string[]): Promise<string[]> {
  const { Attributes } = await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: offerKey(reference),
      UpdateExpression: 'SET plansBefore = if_not_exists(plansBefore, :plans)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':plans': plans },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return OfferRecord.parse(Attributes).plansBefore ?? plans;
}

/**
 * Retries a stuck offer. From `stuck` to `accepted`, with one more retry.
 *
 * @returns `already-done` when a retry is running or has succeeded, `conflict` in any other state, undefined when there is no such offer.
 */
export function retryOffer(table: Table, reference: OfferReference): Promise<OfferTransition | undefined> {
  return retryOnConflict('an offer', () => tryRetry(table, reference));
}

async function tryRetry(table: Table, reference: OfferReference): Promise<OfferTransition | undefined | typeof CONFLICT> {
  const before = await findOffer(table, reference);
  if (!before) return undefined;
  const { state, retries = 0 } = before;
  if (state !== 'stuck') return { outcome: retries > 0 && UNDER_WAY.includes(state) ? 'already-done' : 'conflict', record: before };
  const isRetried = await writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: offerKey(reference),
      UpdateExpression: 'SET #state = :accepted, retries = :next REMOVE finishedAt, #reason',
      ConditionExpression: '#state = :stuck AND (attribute_not_exists(retries) OR retries = :before)',
      ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason' },
      ExpressionAttributeValues: { ':accepted': 'accepted', ':stuck': 'stuck', ':before': retries, ':next': retries + 1 },
    }),
  );
  if (!isRetried) return CONFLICT;
  const { finishedAt: _finishedAt, reason: _reason, ...rest } = before;
  return { outcome: 'done', record: { ...rest, state: 'accepted', retries: retries + 1 } };
}

/** The execution number of the latest retry; the same for each repeat of the request. */
export function retryNumber({ retries = 0 }: Pick<OfferRecord, 'retries'>): number {
  return FIRST_RETRY_NUMBER + retries;
}
