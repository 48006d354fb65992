import { findPlanEnd, planEndNote } from '../rules/plan-end.ts';
import { findStanding, type Standing } from '../rules/severity.ts';
import type { ReadAccountFacts } from '../schemas/account-facts.ts';
import { ulidTime } from '../schemas/event-id.ts';
import { isoTime, secondsBetween } from '../schemas/moment.ts';
import type { Notification, NotificationType } from '../schemas/notification.ts';
import { decisionInForce, type RecordedEvent } from '../schemas/recorded-event.ts';
import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';
import type { RunOutcome, WorkflowName, WorkflowStart } from '../schemas/workflow.ts';
import type { Configurations } from '../store/configurations.ts';
import { listAccountEvents } from '../store/event-lists.ts';
import { findEvent } from '../store/events.ts';
import type { StartExecution } from '../store/executions.ts';
import { beginRun, endRun, noteFinding, noteWait } from '../store/runs.ts';
import { closeStory, openStory } from '../store/stories.ts';
import type { Table } from '../store/table.ts';

/** Within this an account has no more events than a page examines, whatever it does: what is looked at is bounded. */
const MOST_LOOKED_AT = 1_000;
const HOUR_SECONDS = 3_600;
const HOUR_MILLISECONDS = 3_600_000;
/** An event that comes later than this may come after what ended its story: an outage's backlog keeps no order. */
const LATE_AFTER_MILLISECONDS = 5 * 60_000;

/** A run that has begun: the configuration it keeps to until its end, what that says of its workflow, and what it is about. */
export type BegunRun<Name extends WorkflowName> = {
  configuration: string;
  settings: TenantConfiguration['workflows'][Name];
  type: NotificationType;
  /** Begun so late that nothing is to be said: the start was redriven, or waited out an outage. */
  isStale: boolean;
  /** Whether the tenant has an offer that this workflow hands over to. */
  handsOver: boolean;
};

/** Until when a run waits; `seconds` is 0 where that moment has passed. */
export type Pause = { seconds: number; until: string };

/** How long after the event the plan ends, and the time itself (RFC 3339) where it is Totogi's own. */
export type PlanEnd = { endsAfterSeconds?: number; planEnds?: string };

/** Whether a story was opened; `taken` by the event that tells it, `over` by the type of what ended it. */
export type Opening = { opening: 'open' } | { opening: 'taken'; by: string } | { opening: 'over'; by: NotificationType };

/** What the stories do with records, each a step of its own. Nothing they answer names a person. */
export type RunSteps<Name extends WorkflowName> = {
  begin(start: WorkflowStart): Promise<BegunRun<Name>>;
  /** Works out a wait that ends so many seconds after the event occurred, and notes it in the run's record. */
  pause(start: WorkflowStart, secondsAfterEvent: number, waitingFor: string): Promise<Pause>;
  /** What a counter's event is to do. `final` is asked when its wait is over. */
  standing(start: WorkflowStart, configuration: string, quietMinutes: number): Promise<Standing>;
  /** Which of these happened to the same account and device since the event, the earliest first. */
  happenedSince(start: WorkflowStart, types: NotificationType[]): Promise<NotificationType | undefined>;
  /** Opens the one story on a subject, unless another event is telling it or, for an event that comes late, what ends such a story has happened since. */
  openStory(start: WorkflowStart, story: { subject: string; seconds: number; endedBy: NotificationType[] }): Promise<Opening>;
  /** Opens the quiet period of the event's counter, or finds the event that spoke in it. */
  openQuietPeriod(start: WorkflowStart, quietMinutes: number): Promise<{ toldBy: string | undefined }>;
  /** Closes another workflow's story on the account, and tells whether there was one to close. */
  closeStory(start: WorkflowStart, story: { workflow: WorkflowName; subject: string }): Promise<boolean>;
  /** When the plan that is warned of ends: as Totogi's account says, else by the tenant's lead time; how it is known is on record. */
  planEnd(start: WorkflowStart, configuration: string): Promise<PlanEnd>;
  /** Begins the run that may follow the notice with an offer. */
  handOver(start: WorkflowStart): Promise<void>;
  end(start: WorkflowStart, outcome: RunOutcome): Promise<void>;
};

export type RunStepsDependencies = {
  table: Table;
  configurations: Configurations;
  accountFacts: ReadAccountFacts;
  startExecution: StartExecution;
  now: () => number;
};

/** The steps of a workflow's runs. */
export function openRunSteps<Name extends WorkflowName>(workflow: Name, deps: RunStepsDependencies): RunSteps<Name> {
  const { table, configurations, startExecution, now } = deps;
  return {
    async begin(start) {
      const event = await recorded(table, start);
      const { notification } = event;
      const decision = decisionInForce(event);
      if (decision.configuration === undefined) {
        throw new Error(`Event ${start.eventId} was recorded without a configuration and starts nothing.`);
      }
      const begin = { configuration: decision.configuration, expiresAt: event.expiresAt, at: now() };
      const { configuration } = await beginRun(table, { ...start, workflow }, begin);
      const published = await configurations.version(start.tenant, configuration);
      const { staleAfterHours, workflows } = published.configuration;
      const isStale = now() - ulidTime(start.eventId) > staleAfterHours * HOUR_MILLISECONDS;
      const hasOffer = published.offers.some(({ trigger }) => trigger.workflows.some((name) => name === workflow));
      const handsOver = hasOffer && workflows['retention-offer'].enabled;
      return { configuration, settings: workflows[workflow], type: notification.type, isStale, handsOver };
    },
    async pause(start, secondsAfterEvent, waitingFor) {
      const at = now();
      const until = ulidTime(start.eventId) + secondsAfterEvent * 1_000;
      const pause = { seconds: secondsBetween(at, until), until: isoTime(until) };
      if (pause.seconds > 0) await noteWait(table, { ...start, workflow }, { waitingFor, until: pause.until, at });
      return pause;
    },
    async standing(start, configuration, quietMinutes) {
      const event = await recorded(table, start);
      const quietMilliseconds = quietMinutes * 60_000;
      const others = await eventsFrom(table, start, ulidTime(start.eventId) - quietMilliseconds);
      const published = await configurations.version(start.tenant, configuration);
      return findStanding({ event, others, workflow, configuration: published.configuration, quietMilliseconds, now: now() });
    },
    async happenedSince(start, types) {
      const event = await recorded(table, start);
      return firstSince(table, event, types);
    },
    async openStory(start, { subject, seconds, endedBy }) {
      const event = await recorded(table, start);
      const isLate = now() - ulidTime(start.eventId) > LATE_AFTER_MILLISECONDS;
      const ending = isLate ? await firstSince(table, event, endedBy) : undefined;
      if (ending !== undefined) return { opening: 'over', by: ending };
      const of = { tenant: start.tenant, account: start.account, workflow, subject: subjectOf(subject, event) };
      const story = { eventId: start.eventId, until: ulidTime(start.eventId) + seconds * 1_000, now: now() };
      const opened = await openStory(table, of, story);
      if (opened.outcome !== 'refused') return { opening: 'open' };
      const told = await findEvent(table, start.tenant, start.account, opened.story.eventId);
      const isOver = told !== undefined && (await firstSince(table, told, endedBy)) !== undefined;
      if (!isOver) return { opening: 'taken', by: opened.story.eventId };
      const again = await openStory(table, of, { ...story, over: opened.story.eventId });
      return again.outcome === 'refused' ? { opening: 'taken', by: again.story.eventId } : { opening: 'open' };
    },
    async openQuietPeriod(start, quietMinutes) {
      const { notification } = await recorded(table, start);
      const subject = `${notification.name}#${notification.device ?? ''}`;
      const at = now();
      const story = { eventId: start.eventId, until: at + quietMinutes * 60_000, now: at };
      const opened = await openStory(table, { tenant: start.tenant, account: start.account, workflow, subject }, story);
      return { toldBy: opened.outcome === 'refused' ? opened.story.eventId : undefined };
    },
    async closeStory(start, story) {
      const event = await recorded(table, start);
      const of = { tenant: start.tenant, account: start.account, workflow: story.workflow, subject: subjectOf(story.subject, event) };
      const closed = await closeStory(table, of, { eventId: start.eventId, now: now() });
      return closed.outcome !== 'refused';
    },
    async planEnd(start, configuration) {
      const published = await configurations.version(start.tenant, configuration);
      const read = await deps.accountFacts(published.configuration, start.account);
      const warnedAt = ulidTime(start.eventId);
      const end = read.known ? findPlanEnd(read.facts.plans, warnedAt) : undefined;
      const { leadTimeHours } = published.configuration.workflows['plan-expiry'];
      const source = end !== undefined ? 'totogi' : leadTimeHours !== undefined ? 'lead-time' : 'nobody';
      const note = planEndNote(source, read.known ? 'names-none' : read.why);
      await noteFinding(table, { ...start, workflow }, { note, at: isoTime(read.at) });
      if (end !== undefined) return { endsAfterSeconds: secondsBetween(warnedAt, end), planEnds: isoTime(end) };
      return leadTimeHours === undefined ? {} : { endsAfterSeconds: leadTimeHours * HOUR_SECONDS };
    },
    handOver: (start) => startExecution('retention-offer', start),
    async end(start, outcome) {
      await endRun(table, { ...start, workflow }, outcome, now());
    },
  };
}

/** A subject is an account's, or one of its devices'. */
function subjectOf(subject: string, { notification }: RecordedEvent): string {
  return notification.device === undefined ? subject : `${subject}#${notification.device}`;
}

/** The type of the first of these that happened after an event, however many others happened in between. */
async function firstSince(
  table: Table,
  { id, notification }: RecordedEvent,
  types: NotificationType[],
): Promise<NotificationType | undefined> {
  const { tenant, account } = notification;
  const accepts = ({ notification: other }: RecordedEvent) => types.includes(other.type) && isLaterOfSameLine(notification, other);
  const list = { tenant, account, from: ulidTime(id), descending: false, limit: 1, accepts };
  for (let after: string | undefined; ; ) {
    const { entries, position } = await listAccountEvents(table, { ...list, after });
    if (entries[0] || position === undefined) return entries[0]?.value.notification.type;
    after = position;
  }
}

/** An event that names no device concerns all of the account's. */
function isLaterOfSameLine(notification: Notification, other: Notification): boolean {
  const sameLine = other.device === undefined || notification.device === undefined || other.device === notification.device;
  return sameLine && other.occurredAt > notification.occurredAt;
}

async function eventsFrom(table: Table, start: WorkflowStart, from: number): Promise<RecordedEvent[]> {
  const list = { tenant: start.tenant, account: start.account, from, descending: false, limit: MOST_LOOKED_AT, accepts: () => true };
  return (await listAccountEvents(table, list)).entries.map(({ value }) => value);
}

async function recorded(table: Table, start: WorkflowStart): Promise<RecordedEvent> {
  const event = await findEvent(table, start.tenant, start.account, start.eventId);
  if (!event) throw new Error(`Event ${start.eventId}, which a run is about, is not on record.`);
  return event;
}
