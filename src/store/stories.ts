import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { WorkflowName } from '../schemas/workflow.ts';
import { storyKey } from './keys.ts';
import { readItem, readRange, type Table } from './table.ts';

/** More devices than an account has stories for. */
const MAX_DEVICES = 100;

/** A story that is being told, so that no second one is begun on the same subject. */
const StoryRecord = z.object({
  /** The event whose run tells it. */
  eventId: z.string(),
  openedAt: z.string(),
  /** When it ends by itself: RFC 3339. */
  until: z.string(),
  /** The event that ended it before. */
  closedBy: z.string().optional(),
});
export type StoryRecord = z.infer<typeof StoryRecord>;

/** One story at a time: which workflow tells it, and what about: the account's plan, its renewal, one counter of one device. */
export type StorySubject = { tenant: string; account: string; workflow: WorkflowName; subject: string };

/**
 * Opens a story. From none, ended or closed to open; `over` names a story that the caller found to be over though nobody closed it.
 *
 * @param now milliseconds since the epoch; the story ends by itself at `until`.
 * @returns `done`, `already-done` when this event opened it before, or `refused` with the story that is being told.
 */
export async function openStory(
  table: Table,
  subject: StorySubject,
  story: { eventId: string; until: number; now: number; over?: string },
): Promise<{ outcome: 'done' | 'already-done' | 'refused'; story: StoryRecord }> {
  const now = new Date(story.now).toISOString();
  const record: StoryRecord = { eventId: story.eventId, openedAt: now, until: new Date(story.until).toISOString() };
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...keyOf(subject), ...record },
        ConditionExpression:
          'attribute_not_exists(pk) OR (eventId <> :event AND (#until <= :now OR attribute_exists(closedBy) OR eventId = :over))',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':now': now, ':event': story.eventId, ':over': story.over ?? '' },
      }),
    );
    return { outcome: 'done', story: record };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const stored = await findStory(table, subject);
    if (!stored) throw new Error('A story that stood in the way of another is gone.', { cause: error });
    return { outcome: stored.eventId === story.eventId ? 'already-done' : 'refused', story: stored };
  }
}

/**
 * Closes a story because of a later event (ids sort by time of occurrence). From open to closed.
 *
 * @returns `already-done` when that event closed it before, `refused` when there is none to close.
 */
export async function closeStory(
  table: Table,
  subject: StorySubject,
  closing: { eventId: string; now: number },
): Promise<{ outcome: 'done' | 'already-done' | 'refused'; story: StoryRecord | undefined }> {
  try {
    const { Attributes } = await table.client.send(
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
    return { outcome: 'done', story: StoryRecord.parse(Attributes) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const stored = await findStory(table, subject);
    return { outcome: stored?.closedBy === closing.eventId ? 'already-done' : 'refused', story: stored };
  }
}

/**
 * Lets a story last longer, once its event knows until when. It is never made shorter, and a story that another event tells by now is left alone.
 *
 * @param story `until` in milliseconds since the epoch.
 */
export async function extendStory(table: Table, subject: StorySubject, story: { eventId: string; until: number }): Promise<void> {
  try {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(subject),
        UpdateExpression: 'SET #until = :until',
        ConditionExpression: 'eventId = :event AND #until < :until',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':event': story.eventId, ':until': new Date(story.until).toISOString() },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** A story with the subject under which it stands. */
export type ToldStory = StoryRecord & { subject: string };

/** The stories on a subject that were opened for one device each, as every story of a plan or a renewal once was. */
export async function listDeviceStories(table: Table, { tenant, account, workflow, subject }: StorySubject): Promise<ToldStory[]> {
  const { pk: partition, sk: from } = storyKey(tenant, account, workflow, `${subject}#`);
  const { items } = await readRange(table, { partition, from, to: `${from}~`, descending: false }, MAX_DEVICES);
  return items.map((item) => ({ ...StoryRecord.parse(item), subject: String(item.sk).slice(from.length - subject.length - 1) }));
}

/** The story on a subject, told or over, or undefined where there never was one. */
export async function findStory(table: Table, subject: StorySubject): Promise<StoryRecord | undefined> {
  const item = await readItem(table, keyOf(subject));
  return item && StoryRecord.parse(item);
}

function keyOf({ tenant, account, workflow, subject }: StorySubject) {
  return storyKey(tenant, account, workflow, subject);
}
