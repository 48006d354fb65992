import * as z from 'zod';
import { CONFLICT, retryOnConflict } from '../../platform/retry-on-conflict.ts';
import { expiryAfter, putVersion, readItem, type Table } from '../../platform/table.ts';
import { ulidTime } from '../../platform/ulid.ts';
import { episodeKey } from '../../schemas/keys.ts';
import type { EpisodeSubject } from './episode-records.ts';

/** The maximum `staleAfterHours` is 30 days, and a start can be redriven for another 30. */
const KEPT_DAYS = 60;
/** With their keys these fit one write unit, and cover a day of a plan that renews hourly. */
const MAX_OPENERS = 24;

/** In order of occurrence. */
const StoredEpisodes = z.object({ version: z.int(), openers: z.array(z.string()) });

/**
 * Finds or opens an episode: events within `seconds` of its opener, before or after, are part of it. It compares times of occurrence, not
 * of arrival, so the backlog of an outage opens no extra episodes, in whatever order it arrives.
 *
 * The latest openers are stored. When the list is full, an older event counts as part of the earliest episode, because it may have been
 * notified already: no episode is notified twice.
 *
 * @returns undefined for the event that opened the episode, however often it asks; otherwise the opener's id.
 * @throws Contended when too many events compete; retry later.
 */
export function openRepeatWindow(
  table: Table,
  subject: EpisodeSubject,
  { eventId, seconds }: { eventId: string; seconds: number },
): Promise<string | undefined> {
  const key = episodeKey(subject.tenant, subject.account, subject.workflow, subject.subject);
  return retryOnConflict('the episodes of a subject', async () => {
    const item = await readItem(table, key);
    const stored = item ? StoredEpisodes.parse(item) : { version: 0, openers: [] };
    const opener = findOpener(stored.openers, eventId, seconds);
    if (opener !== undefined) return opener === eventId ? undefined : opener;
    const openers = [...stored.openers, eventId].toSorted().slice(-MAX_OPENERS);
    const expiresAt = expiryAfter(ulidTime(openers.at(-1) ?? eventId), KEPT_DAYS);
    return (await putVersion(table, { ...key, openers, expiresAt }, stored.version)) ? undefined : CONFLICT;
  });
}

/** The event itself, or the nearest opener. Event ids start with the time of occurrence. */
function findOpener(openers: string[], eventId: string, seconds: number): string | undefined {
  if (openers.includes(eventId)) return eventId;
  const distance = (opener: string) => Math.abs(ulidTime(opener) - ulidTime(eventId));
  const [nearest] = openers.toSorted((left, right) => distance(left) - distance(right));
  if (nearest === undefined || distance(nearest) < seconds * 1_000) return nearest;
  const [earliest = ''] = openers;
  return openers.length === MAX_OPENERS && eventId < earliest ? earliest : undefined;
}
