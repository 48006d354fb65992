import type { Configurations } from '../../configuration/configurations.ts';
import { HOUR } from '../../platform/duration.ts';
import type { Table } from '../../platform/table.ts';
import { isoTime, secondsBetween } from '../../platform/time.ts';
import { ulidTime } from '../../platform/ulid.ts';
import type { TenantConfiguration } from '../../schemas/configuration/tenant-configuration.ts';
import type { NotificationType } from '../../schemas/event/notification-type.ts';
import { decisionInForce } from '../../schemas/event/recorded-event.ts';
import { OFFER_WORKFLOW } from '../../schemas/offer/offer-record.ts';
import type { ReadAccountFacts } from '../../schemas/profile/account-facts.ts';
import type { RunOutcome, WorkflowName } from '../../schemas/run/workflow.ts';
import type { WorkflowStart } from '../../schemas/run/workflow-start.ts';
import { type CounterStatus, findCounterStatus } from './counter-status.ts';
import { createEpisodeSteps, type EpisodeSteps, eventsFrom, lastUntilThePlansEnd, recordedEvent } from './episode-steps.ts';
import { findPlanEnd, planEndNote } from './plan-end.ts';
import { finishRun, recordFinding, recordWait, startRun } from './run-records.ts';
import type { StartExecution } from './start-execution.ts';

const HOUR_SECONDS = HOUR / 1_000;

/** A run keeps to one version of the configuration until its end. */
export type StartedRun<Name extends WorkflowName> = {
  configuration: string;
  settings: TenantConfiguration['workflows'][Name];
  type: NotificationType;
  /** Started too late for any message: the start was redriven, or retried through an outage. */
  isStale: boolean;
  /** Whether the tenant has an offer that this workflow starts. */
  startsOffer: boolean;
};

/** `seconds` is 0 if the time has passed. */
export type Pause = { seconds: number; until: string };

/** `planEnds` is RFC 3339, and present only if it comes from Totogi. */
export type PlanEnd = { endsAfterSeconds?: number; planEnds?: string };

/** Each is a step of its own, and no result contains personal data. */
export type RunSteps<Name extends WorkflowName> = EpisodeSteps & {
  startRun(start: WorkflowStart): Promise<StartedRun<Name>>;
  /** Computes a wait that ends this many seconds after the event occurred, and stores it in the run's record. */
  pause(start: WorkflowStart, secondsAfterEvent: number, waitingFor: string): Promise<Pause>;
  status(start: WorkflowStart, configuration: string, quietMinutes: number): Promise<CounterStatus>;
  /**
   * The end of the plan that the warning is about: from Totogi's account, else from the tenant's lead time. The source is stored in the
   * run's record.
   */
  planEnd(start: WorkflowStart, configuration: string, leadTimeHours: number | undefined): Promise<PlanEnd>;
  startOffer(start: WorkflowStart): Promise<void>;
  finishRun(start: WorkflowStart, outcome: RunOutcome): Promise<void>;
};

export type RunStepsDependencies = {
  table: Table;
  configurations: Configurations;
  accountFacts: ReadAccountFacts;
  startExecution: StartExecution;
  now: () => number;
};

export function createRunSteps<Name extends WorkflowName>(workflow: Name, deps: RunStepsDependencies): RunSteps<Name> {
  const { table, configurations, startExecution, now } = deps;
  return {
    ...createEpisodeSteps(workflow, deps),
    async startRun(start) {
      const event = await recordedEvent(table, start);
      const { notification } = event;
      const decision = decisionInForce(event);
      if (decision.configuration === undefined) {
        throw new Error(`Event ${start.eventId} was recorded without a configuration and starts nothing.`);
      }
      const startOptions = { configuration: decision.configuration, expiresAt: event.expiresAt, at: now() };
      const { configuration } = await startRun(table, { ...start, workflow }, startOptions);
      const published = await configurations.version(start.tenant, configuration);
      const { staleAfterHours, workflows } = published.configuration;
      const isStale = now() - ulidTime(start.eventId) > staleAfterHours * HOUR;
      const hasOffer = published.offers.some(({ trigger }) => trigger.workflows.some((name) => name === workflow));
      const startsOffer = hasOffer && workflows[OFFER_WORKFLOW].enabled;
      return { configuration, settings: workflows[workflow], type: notification.type, isStale, startsOffer };
    },
    async pause(start, secondsAfterEvent, waitingFor) {
      const at = now();
      const until = ulidTime(start.eventId) + secondsAfterEvent * 1_000;
      const pause = { seconds: secondsBetween(at, until), until: isoTime(until) };
      if (pause.seconds > 0) await recordWait(table, { ...start, workflow }, { waitingFor, until: pause.until, at });
      return pause;
    },
    async status(start, configuration, quietMinutes) {
      const event = await recordedEvent(table, start);
      const quietMilliseconds = quietMinutes * 60_000;
      const others = await eventsFrom(table, start, ulidTime(start.eventId) - quietMilliseconds);
      const published = await configurations.version(start.tenant, configuration);
      return findCounterStatus({ event, others, workflow, configuration: published.configuration, quietMilliseconds, now: now() });
    },
    async planEnd(start, configuration, leadTimeHours) {
      const published = await configurations.version(start.tenant, configuration);
      const read = await deps.accountFacts(published.configuration, start.account);
      const warnedAt = ulidTime(start.eventId);
      const end = read.known ? findPlanEnd(read.facts.plans, warnedAt) : undefined;
      const source = end !== undefined ? 'totogi' : leadTimeHours !== undefined ? 'lead-time' : 'unknown';
      const note = planEndNote(source, read.known ? 'names-none' : read.why);
      await recordFinding(table, { ...start, workflow }, { ...note, at: isoTime(read.at) });
      if (end !== undefined) {
        await lastUntilThePlansEnd(table, { ...start, workflow }, end);
        return { endsAfterSeconds: secondsBetween(warnedAt, end), planEnds: isoTime(end) };
      }
      return leadTimeHours === undefined ? {} : { endsAfterSeconds: leadTimeHours * HOUR_SECONDS };
    },
    startOffer: (start) => startExecution(OFFER_WORKFLOW, start),
    async finishRun(start, outcome) {
      await finishRun(table, { ...start, workflow }, outcome, now());
    },
  };
}
