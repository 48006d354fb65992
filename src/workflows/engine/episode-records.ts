import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { changeIf, readItem, type Table, writeIf } from '../../platform/table.ts';
import { episodeKey } from '../../schemas/keys.ts';
import type { WorkflowName } from '../../schemas/run/workflow.ts';

const EpisodeRecord = z.object({
  eventId: z.string(),
  openedAt: z.string(),
  /** When it ends without a closing event: RFC 3339. */
  until: z.string(),
  closedBy: z.string().optional(),
});
export type EpisodeRecord = z.infer<typeof EpisodeRecord>;

/** At most one open episode per subject. `subject` is the account's plan, its renewal, or one counter of one device. */
export type EpisodeSubject = { tenant: string; account: string; workflow: WorkflowName; subject: string };

/**
 * Opens an episode. From none, expired or closed to open. `over` names an open episode that the caller knows to be finished.
 *
 * @param episode `now` and `until` in milliseconds since the epoch; the episode expires at `until`.
 * @returns `already-done` when this event opened it before, `conflict` with the episode that is open.
 */
export async function openEpisode(
  table: Table,
  subject: EpisodeSubject,
  episode: { eventId: string; until: number; now: number; over?: string },
): Promise<{ outcome: 'done' | 'already-done' | 'conflict'; episode: EpisodeRecord }> {
  const now = new Date(episode.now).toISOString();
  const record: EpisodeRecord = { eventId: episode.eventId, openedAt: now, until: new Date(episode.until).toISOString() };
  const isOpened = await writeIf(
    table,
    new PutCommand({
      TableName: table.name,
      Item: { ...keyOf(subject), ...record },
      ConditionExpression:
        'attribute_not_exists(pk) OR (eventId <> :event AND (#until <= :now OR attribute_exists(closedBy) OR eventId = :over))',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': now, ':event': episode.eventId, ':over': episode.over ?? '' },
    }),
  );
  if (isOpened) return { outcome: 'done', episode: record };
  const stored = await findEpisode(table, subject);
  if (!stored) throw new Error('An episode that stood in the way of another is gone.');
  return { outcome: stored.eventId === episode.eventId ? 'already-done' : 'conflict', episode: stored };
}

/**
 * Closes an episode for a later event (event ids sort by time of occurrence). From open to closed.
 *
 * @returns `already-done` when that event closed it before, `conflict` when there is no episode to close.
 */
export async function closeEpisode(
  table: Table,
  subject: EpisodeSubject,
  closing: { eventId: string; now: number },
): Promise<{ outcome: 'done' | 'already-done' | 'conflict'; episode: EpisodeRecord | undefined }> {
  const closed = await changeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(subject),
      UpdateExpression: 'SET closedBy = :event',
      ConditionExpression: 'eventId < :event AND attribute_not_exists(closedBy) AND #until > :now',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':event': closing.eventId, ':now': new Date(closing.now).toISOString() },
      ReturnValues: 'ALL_NEW',
    }),
  );
  if (closed) return { outcome: 'done', episode: EpisodeRecord.parse(closed) };
  const stored = await findEpisode(table, subject);
  return { outcome: stored?.closedBy === closing.eventId ? 'already-done' : 'conflict', episode: stored };
}

/**
 * Extends an episode. Never shortens it, and does nothing when another event has opened the subject's episode since.
 *
 * @param episode `until` in milliseconds since the epoch.
 */
export async function extendEpisode(table: Table, subject: EpisodeSubject, episode: { eventId: string; until: number }): Promise<void> {
  await writeIf(
    table,
    new UpdateCommand({
      TableName: table.name,
      Key: keyOf(subject),
      UpdateExpression: 'SET #until = :until',
      ConditionExpression: 'eventId = :event AND #until < :until',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':event': episode.eventId, ':until': new Date(episode.until).toISOString() },
    }),
  );
}

export async function findEpisode(table: Table, subject: EpisodeSubject): Promise<EpisodeRecord | undefined> {
  const item = await readItem(table, keyOf(subject));
  return item && EpisodeRecord.parse(item);
}

function keyOf({ tenant, account, workflow, subject }: EpisodeSubject) {
  return episodeKey(tenant, account, workflow, subject);
}
