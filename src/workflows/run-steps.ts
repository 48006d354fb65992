import { hasRecovered, isLaterWordOn } from '../rules/recovery.ts';
import { ulidTime } from '../schemas/event-id.ts';
import type { RecordedEvent } from '../schemas/recorded-event.ts';
import type { RunOutcome, WorkflowName, WorkflowStart } from '../schemas/workflow.ts';
import type { Configurations } from '../store/configurations.ts';
import { listAccountEvents } from '../store/event-lists.ts';
import { findEvent } from '../store/events.ts';
import { beginRun, endRun } from '../store/runs.ts';
import type { Table } from '../store/table.ts';

/** A run that has begun: the configuration it keeps to until its end, and how long it waits before it speaks. */
export type BegunRun = { configuration: string; waitSeconds: number };

/** What every run does with its record, each a step of its own. */
export type RunSteps = {
  begin(start: WorkflowStart): Promise<BegunRun>;
  hasRecovered(start: WorkflowStart, configuration: string): Promise<boolean>;
  end(start: WorkflowStart, outcome: RunOutcome): Promise<void>;
};

export type RunStepsDependencies = { table: Table; configurations: Configurations; now: () => number };

/** The steps of a workflow's runs. */
export function openRunSteps(workflow: WorkflowName, { table, configurations, now }: RunStepsDependencies): RunSteps {
  return {
    async begin(start) {
      const { decision } = await recorded(table, start);
      if (decision.configuration === undefined)
        throw new Error(`Event ${start.eventId} was recorded without a configuration and starts nothing.`);
      const { configuration } = await beginRun(table, { ...start, workflow }, decision.configuration, now());
      const published = await configurations.version(start.tenant, configuration);
      return { configuration, waitSeconds: published.configuration.workflows[workflow].waitSeconds };
    },
    async hasRecovered(start, configuration) {
      const { notification } = await recorded(table, start);
      const newest = await listAccountEvents(table, {
        tenant: start.tenant,
        account: start.account,
        from: ulidTime(start.eventId),
        descending: true,
        limit: 1,
        accepts: (event) => isLaterWordOn(notification, event.notification),
      });
      const published = await configurations.version(start.tenant, configuration);
      return hasRecovered(newest.entries[0]?.notification, published.configuration);
    },
    async end(start, outcome) {
      await endRun(table, { ...start, workflow }, outcome, now());
    },
  };
}

async function recorded(table: Table, start: WorkflowStart): Promise<RecordedEvent> {
  const event = await findEvent(table, start.tenant, start.account, start.eventId);
  if (!event) throw new Error(`Event ${start.eventId}, which a run is about, is not on record.`);
  return event;
}
