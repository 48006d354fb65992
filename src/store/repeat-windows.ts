import { setTimeout as pause } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { ulidTime } from '../schemas/event-id.ts';
import { Contended } from './contended.ts';
import type { EpisodeSubject } from './episodes.ts';
import { episodeKey } from './keys.ts';
import { expiryAfter, type Key, readItem, type Table } from './table.ts';

/** The oldest news that a tenant may tell is 30 days old, and a start may be redriven for as long. */
const KEPT_DAYS = 60;
/** With their keys these are one write unit, and a day of a plan that renews by the hour. */
const MAX_OPENERS = 24;
const MAX_ATTEMPTS = 20;
const MAX_PAUSE_MILLISECONDS = 50;

/** The events that opened the latest episodes of a subject, in the order in which they occurred. */
const StoredEpisodes = z.object({ version: z.int().default(0), openers: z.array(z.string()).default([]) });
type StoredEpisodes = z.infer<typeof StoredEpisodes>;

/**
 * Opens an episode: events on a subject that occurred within so many seconds of one that opened an episode, before or after, are part of
 * it. It goes by when events occurred and not by when they came: an outage's backlog is no other episode, in whatever order it comes.
 *
 * The latest openers are remembered. Once there are as many as there may be, what occurred before all of them counts as part of the
 * earliest, since whether it was told is no longer known: nothing is told twice.
 *
 * @returns undefined for the event that opened it, however often it asks, or the id of that event.
 * @throws when so many events ask at once that this one had no turn; it may ask again.
 */
export async function openRepeatWindow(
  table: Table,
  subject: EpisodeSubject,
  { eventId, seconds }: { eventId: string; seconds: number },
): Promise<string | undefined> {
  const key = episodeKey(subject.tenant, subject.account, subject.workflow, subject.subject);
  for (let turn = 0; turn < MAX_ATTEMPTS; turn += 1) {
    const stored = StoredEpisodes.parse((await readItem(table, key)) ?? {});
    const opener = findOpener(stored.openers, eventId, seconds);
    if (opener !== undefined) return opener === eventId ? undefined : opener;
    const openers = [...stored.openers, eventId].toSorted().slice(-MAX_OPENERS);
    if (await writeOpeners(table, key, { version: stored.version, openers })) return undefined;
    await pause(Math.random() * MAX_PAUSE_MILLISECONDS);
  }
  throw new Contended('Too many events on one subject open an episode at once.');
}

/** The opener of the episode that an event is part of: itself, or the nearest. Event ids begin with the time at which it occurred. */
function findOpener(openers: string[], eventId: string, seconds: number): string | undefined {
  if (openers.includes(eventId)) return eventId;
  const distance = (opener: string) => Math.abs(ulidTime(opener) - ulidTime(eventId));
  const [nearest] = openers.toSorted((left, right) => distance(left) - distance(right));
  if (nearest === undefined || distance(nearest) < seconds * 1_000) return nearest;
  const [earliest = ''] = openers;
  return openers.length === MAX_OPENERS && eventId < earliest ? earliest : undefined;
}

/** Writes the openers unless another event wrote since they were read. */
async function writeOpeners(table: Table, key: Key, { version, openers }: StoredEpisodes): Promise<boolean> {
  const last = ulidTime(openers.at(-1) ?? '');
  // What has expired reads as none, and is there until it is deleted.
  const isFree = version === 0 ? 'attribute_not_exists(version) OR expiresAt <= :now' : 'version = :version';
  try {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...key, version: version + 1, openers, expiresAt: expiryAfter(last, KEPT_DAYS) },
        ConditionExpression: isFree,
        ExpressionAttributeValues: version === 0 ? { ':now': Math.floor((table.now?.() ?? 0) / 1_000) } : { ':version': version },
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return false;
  }
}
