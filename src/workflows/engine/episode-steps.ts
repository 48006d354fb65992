import type { Configurations } from '../../configuration/configurations.ts';
import { FIRST, findFirstEvent, listAccountEvents } from '../../ingest/event-lists.ts';
import { findEvent } from '../../ingest/event-records.ts';
import { MINUTE } from '../../platform/duration.ts';
import { digest } from '../../platform/hash.ts';
import type { Table } from '../../platform/table.ts';
import { ulidTime } from '../../platform/ulid.ts';
import type { NotificationType } from '../../schemas/event/notification-type.ts';
import type { RecordedEvent } from '../../schemas/event/recorded-event.ts';
import type { WorkflowName } from '../../schemas/run/workflow.ts';
import type { WorkflowStart } from '../../schemas/run/workflow-start.ts';
import { breaksQuiet, counterOf } from './counter-status.ts';
import { closeEpisode, extendEpisode, openEpisode } from './episode-records.ts';
import { openRepeatWindow } from './repeat-windows.ts';

export const PLAN = 'plan';

/** Limits the work: only this many of the latest events are examined. */
const MAX_EVENTS_EXAMINED = 1_000;
/** A later event may arrive after the event that ended its episode: a backlog after an outage has no order. */
const LATE_AFTER_MILLISECONDS = 5 * MINUTE;

/**
 * `taken`: another event already opened the episode (`by` is its ID). `over`: the episode has already ended (`by` is the type of the event
 * that ended it).
 */
export type Opening = { opening: 'open' } | { opening: 'taken'; by: string } | { opening: 'over'; by: NotificationType };

/** Lasts until an event of `closedByTypes` or for at most `seconds`, whatever device its events name. */
type LastingEpisode = { subject: string; seconds: number; closedByTypes: NotificationType[] };
/** Its message goes at once: later events on the same device and plan within `seconds` of the first are repeats. */
type RepeatWindow = { subject: string; seconds: number; closedByTypes?: never };

/** A plan and its renewal belong to the account, whatever device an event names. */
export type EpisodeSteps = {
  /** The type of the first of these events since the given one. */
  happenedSince(start: WorkflowStart, types: NotificationType[]): Promise<NotificationType | undefined>;
  /** Opens the one episode on a subject, unless another event has it open. A late event opens none if the episode has already ended. */
  openEpisode(start: WorkflowStart, episode: LastingEpisode | RepeatWindow): Promise<Opening>;
  /** Opens the quiet period of the event's counter, or finds the event whose message in it still covers this one. */
  openQuietPeriod(start: WorkflowStart, configuration: string, quietMinutes: number): Promise<{ messagedBy: string | undefined }>;
  /** Returns false if no such episode was open. */
  closeEpisode(start: WorkflowStart, episode: { workflow: WorkflowName; subject: string }): Promise<boolean>;
};

/** `now` is in milliseconds since the epoch. */
export type EpisodeStepsDependencies = { table: Table; configurations: Configurations; now: () => number };

export function createEpisodeSteps(workflow: WorkflowName, { table, configurations, now }: EpisodeStepsDependencies): EpisodeSteps {
  return {
    async happenedSince(start, types) {
      return firstSince(table, await recordedEvent(table, start), types);
    },
    async openEpisode(start, { subject, seconds, closedByTypes }) {
      if (closedByTypes === undefined) return openPlanRepeatWindow(table, { ...start, workflow }, { subject, seconds });
      const isLate = now() - ulidTime(start.eventId) > LATE_AFTER_MILLISECONDS;
      const ending = isLate ? await firstSince(table, await recordedEvent(table, start), closedByTypes) : undefined;
      if (ending !== undefined) return { opening: 'over', by: ending };
      const subjectKey = { tenant: start.tenant, account: start.account, workflow, subject };
      const isOver = async (eventId: string) => {
        const messaged = await findEvent(table, start.tenant, start.account, eventId);
        return messaged !== undefined && (await firstSince(table, messaged, closedByTypes)) !== undefined;
      };
      const episode = { eventId: start.eventId, until: ulidTime(start.eventId) + seconds * 1_000, now: now() };
      const opened = await openEpisode(table, subjectKey, episode);
      if (opened.outcome !== 'conflict') return { opening: 'open' };
      if (!(await isOver(opened.episode.eventId))) return { opening: 'taken', by: opened.episode.eventId };
      const again = await openEpisode(table, subjectKey, { ...episode, over: opened.episode.eventId });
      return again.outcome === 'conflict' ? { opening: 'taken', by: again.episode.eventId } : { opening: 'open' };
    },
    async openQuietPeriod(start, configuration, quietMinutes) {
      const event = await recordedEvent(table, start);
      const at = now();
      const subjectKey = { tenant: start.tenant, account: start.account, workflow, subject: counterOf(event.notification) };
      const episode = { eventId: start.eventId, until: at + quietMinutes * 60_000, now: at };
      const opened = await openEpisode(table, subjectKey, episode);
      if (opened.outcome !== 'conflict') return { messagedBy: undefined };
      const messaged = await findEvent(table, start.tenant, start.account, opened.episode.eventId);
      if (messaged === undefined) return { messagedBy: opened.episode.eventId };
      const others = await eventsFrom(table, start, ulidTime(messaged.id));
      const published = await configurations.version(start.tenant, configuration);
      if (!breaksQuiet(event, messaged, { others, configuration: published.configuration })) return { messagedBy: messaged.id };
      const again = await openEpisode(table, subjectKey, { ...episode, over: messaged.id });
      return { messagedBy: again.outcome === 'conflict' ? again.episode.eventId : undefined };
    },
    async closeEpisode({ tenant, account, eventId }, { workflow: other, subject }) {
      const { outcome } = await closeEpisode(table, { tenant, account, workflow: other, subject }, { eventId, now: now() });
      return outcome !== 'conflict';
    },
  };
}

async function openPlanRepeatWindow(
  table: Table,
  start: WorkflowStart & { workflow: WorkflowName },
  { subject, seconds }: { subject: string; seconds: number },
): Promise<Opening> {
  const { tenant, account, workflow, eventId } = start;
  const window = { tenant, account, workflow, subject: subjectOfPlan(subject, await recordedEvent(table, start)) };
  const by = await openRepeatWindow(table, window, { eventId, seconds });
  return by === undefined ? { opening: 'open' } : { opening: 'taken', by };
}

/** A digest, because a plan's ID may be longer than a key. */
function subjectOfPlan(subject: string, { notification: { device, fields } }: RecordedEvent): string {
  const plan = Object.hasOwn(fields, 'planid') ? fields.planid : undefined;
  return `${subject}#${digest(JSON.stringify([device ?? null, plan ?? null]))
    .toString('hex')
    .slice(0, 32)}`;
}

/** `end` is in milliseconds since the epoch. A later warning then finds the episode. */
export async function lastUntilThePlansEnd(table: Table, run: WorkflowStart & { workflow: WorkflowName }, end: number): Promise<void> {
  const { tenant, account, workflow, eventId } = run;
  await extendEpisode(table, { tenant, account, workflow, subject: PLAN }, { eventId, until: end });
}

/** @throws Error when it cannot say, because more events follow than are read. */
async function firstSince(
  table: Table,
  { id, notification }: RecordedEvent,
  types: NotificationType[],
): Promise<NotificationType | undefined> {
  const { tenant, account, occurredAt } = notification;
  const accepts = ({ notification: other }: RecordedEvent) => types.includes(other.type) && other.occurredAt > occurredAt;
  const list = { tenant, account, from: ulidTime(id), ...FIRST, accepts };
  const { first, isComplete } = await findFirstEvent((after) => listAccountEvents(table, { ...list, after }));
  if (!isComplete) throw new Error(`Too many events follow event ${id} to search them all.`);
  return first?.value.notification.type;
}

/** The account's events since `from` (milliseconds since the epoch), oldest first: at most the latest thousand. */
export async function eventsFrom(table: Table, start: WorkflowStart, from: number): Promise<RecordedEvent[]> {
  const list = { tenant: start.tenant, account: start.account, from, descending: true, limit: MAX_EVENTS_EXAMINED, accepts: () => true };
  return (await listAccountEvents(table, list)).entries.map(({ value }) => value).toReversed();
}

export async function recordedEvent(table: Table, start: WorkflowStart): Promise<RecordedEvent> {
  const event = await findEvent(table, start.tenant, start.account, start.eventId);
  if (!event) throw new Error(`Event ${start.eventId} not found.`);
  return event;
}
