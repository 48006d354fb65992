import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { type Part, transact } from '../platform/transact.ts';
import { offerKey } from '../schemas/keys.ts';
import type { Channel } from '../schemas/message/channel.ts';
import { countOf, type StepCount, stepCounts } from './counts.ts';
import { existingOffer, type OfferReference, type OfferTransition } from './offer-records.ts';

/** Stores the callback that an answer completes. In any state; the last one wins. */
export async function awaitAnswer(table: Table, reference: OfferReference, callbackId: string): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: offerKey(reference),
      UpdateExpression: 'SET callbackId = :callback',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':callback': callbackId },
    }),
  );
}

/** In any state; the state does not change. */
export function recordOpening(
  table: Table,
  reference: OfferReference,
  { via, at }: { via: Channel | undefined; at: number },
): Promise<OfferTransition> {
  return recordMilestone(table, reference, {
    field: 'openedAt',
    value: isoTime(at),
    also: via && { openedVia: via },
    count: 'opened',
    via,
  });
}

/** Credits an offer, issued or held out, with the event that reached its goal. At most once. */
export function recordConversion(table: Table, reference: OfferReference, eventId: string, at: number): Promise<OfferTransition> {
  return recordMilestone(table, reference, {
    field: 'convertedBy',
    value: eventId,
    also: { convertedAt: isoTime(at) },
    count: 'converted',
  });
}

type Milestone = {
  field: 'openedAt' | 'convertedBy';
  value: string;
  also?: Record<string, string> | undefined;
  count: StepCount;
  via?: Channel | undefined;
};

async function recordMilestone(
  table: Table,
  reference: OfferReference,
  { field, value, also = {}, count, via }: Milestone,
): Promise<OfferTransition> {
  const before = await existingOffer(table, reference);
  if (before[field] !== undefined) return { outcome: 'already-done', record: before };
  const all = { [field]: value, ...also };
  const update: Part = {
    Update: {
      TableName: table.name,
      Key: offerKey(reference),
      UpdateExpression: `SET ${Object.keys(all)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ConditionExpression: `attribute_not_exists(${field})`,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(all).map(([name, text]) => [`:${name}`, text])),
    },
  };
  const failed = await transact(table, [update, countOf(table, before, stepCounts(count, via ?? before.acceptedVia))]);
  if (failed === undefined) return { outcome: 'done', record: { ...before, ...all } };
  return { outcome: 'already-done', record: await existingOffer(table, reference) };
}
