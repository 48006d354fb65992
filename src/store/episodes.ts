import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { highestUlid, lowestUlid, ulidTime } from '../schemas/event-id.ts';
import { storyKey } from './keys.ts';
import type { StorySubject } from './stories.ts';
import { expiryAfter, readItem, type Table } from './table.ts';

/** The oldest news that a tenant may tell is 30 days old, and a start may be redriven for as long. */
const KEPT_DAYS = 60;

const StoredEpisode = z.object({ eventId: z.string() });

/**
 * Opens an episode: events on a subject that occurred within so many seconds of the one that opened it, before or after, are part of it.
 * It goes by when events occurred and not by when they came: an outage's backlog is no other story. Event ids begin with that time, so
 * one conditional write decides.
 *
 * @returns undefined for the event that opened it, however often it asks, or the id of that event.
 */
export async function openEpisode(
  table: Table,
  subject: StorySubject,
  { eventId, seconds }: { eventId: string; seconds: number },
): Promise<string | undefined> {
  const at = ulidTime(eventId);
  const key = storyKey(subject.tenant, subject.account, subject.workflow, subject.subject);
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...key, eventId, expiresAt: expiryAfter(at, KEPT_DAYS) },
        ConditionExpression: 'attribute_not_exists(pk) OR eventId <= :before OR eventId >= :after',
        ExpressionAttributeValues: {
          ':before': highestUlid(Math.max(0, at - seconds * 1_000)),
          ':after': lowestUlid(at + seconds * 1_000),
        },
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const item = await readItem(table, key);
    // One that expired since nobody can be part of any more; the next try of the step opens it anew.
    if (item === undefined) throw new Error('An episode that stood in the way of another is gone.', { cause: error });
    const stored = StoredEpisode.parse(item);
    return stored.eventId === eventId ? undefined : stored.eventId;
  }
}
