import type { Configurations } from '../../configuration/configurations.ts';
import { redecideEvent } from '../../ingest/event-records.ts';
import { settleAll } from '../../platform/settle-all.ts';
import type { Table } from '../../platform/table.ts';
import { isoTime } from '../../platform/time.ts';
import { decisionInForce, type RecordedEvent } from '../../schemas/event/recorded-event.ts';
import type { ReplayPosition, ReplayStart, ReplayTally } from '../../schemas/operations/replay.ts';
import { findRun } from '../../workflows/engine/run-records.ts';
import type { StartExecution } from '../../workflows/engine/start-execution.ts';
import { planReplay, type ReplayPlan } from '../plan-replay.ts';
import type { StartReplay } from '../replay-executions.ts';
import { findReplay, finishReplay, nextPart, type ReplayRecord, readReplayPage, recordPage } from '../replay-records.ts';

const EVENTS_PER_PAGE = 200;
const AT_ONCE = 20;

export type ReplayDependencies = {
  table: Table;
  configurations: Configurations;
  startExecution: StartExecution;
  startReplay: StartReplay;
  eventsPerPage?: number;
  now: () => number;
};

/** Each is a step of its own, and no result contains personal data. */
export type ReplaySteps = {
  /** Starts at the last page that was counted, since its runs may not have been started. */
  resume(start: ReplayStart): Promise<ReplayPosition>;
  /** Processes one page, and returns where the next one starts. */
  page(start: ReplayStart, here: ReplayPosition): Promise<ReplayPosition>;
  continueReplay(start: ReplayStart): Promise<void>;
  finish(start: ReplayStart): Promise<void>;
};

type Planned = { event: RecordedEvent; plan: ReplayPlan };

export function createReplaySteps(deps: ReplayDependencies): ReplaySteps {
  const { table, startReplay, eventsPerPage = EVENTS_PER_PAGE, now } = deps;
  return {
    async resume(start) {
      const { last, next } = await loadReplay(table, start);
      return last ?? next;
    },
    async page(start, here) {
      const replay = await loadReplay(table, start);
      const { entries, position } = await readReplayPage(table, replay, { after: here.after, limit: eventsPerPage });
      const events = entries.map(({ value }) => value);
      const planned = here.pass === 'work' ? await planPage(deps, replay, events) : [];
      const counted = here.pass === 'work' ? addPlans(replay.tally, planned) : addTypes(replay.tally, events);
      const next = await recordPage(table, start, { here, next: positionAfter(here, position), counted, at: now() });
      if (!replay.dryRun) await startPlanned(deps, start, planned);
      return next;
    },
    async continueReplay(start) {
      const part = await nextPart(table, start);
      if (part !== undefined) await startReplay({ ...start, part });
    },
    finish: (start) => finishReplay(table, start, now()),
  };
}

async function loadReplay(table: Table, { tenant, replay }: ReplayStart): Promise<ReplayRecord> {
  const found = await findReplay(table, tenant, replay);
  if (!found) throw new Error(`Replay ${replay} not found.`);
  return found;
}

function positionAfter({ pass, page }: ReplayPosition, position: string | undefined): ReplayPosition {
  if (position !== undefined) return { pass, page: page + 1, after: position };
  return { pass: pass === 'count' ? 'work' : 'over', page: 1, after: null };
}

/** All events of a page are decided before any run starts, so that a run sees the new decisions of other events. */
async function planPage(
  { table, configurations, now }: ReplayDependencies,
  { tenant, workflows: chosen }: ReplayRecord,
  events: RecordedEvent[],
): Promise<Planned[]> {
  const published = await configurations.current(tenant);
  return inGroups(events, async (event) => {
    const { account } = event.notification;
    const decided = decisionInForce(event).start;
    const runs = await Promise.all(decided.map((workflow) => findRun(table, { tenant, account, eventId: event.id, workflow })));
    const ran = decided.filter((_workflow, index) => runs[index] !== undefined);
    return { event, plan: planReplay({ event, ran, published, chosen, now: now() }) };
  });
}

/** Stores the new decision before it starts anything. The stored decision counts, since another replay may have been faster. */
async function startPlanned(
  { table, startExecution, now }: ReplayDependencies,
  { replay }: ReplayStart,
  planned: Planned[],
): Promise<void> {
  const toStart = planned.flatMap(({ event, plan }) => ('skip' in plan ? [] : [{ event, plan }]));
  const decided = await inGroups(toStart, async ({ event, plan }) => {
    if (!plan.decision) return { event, start: plan.start };
    const { start } = await redecideEvent(table, event, { ...plan.decision, at: isoTime(now()), replay });
    return { event, start };
  });
  await inGroups(decided, async ({ event, start }) => {
    const { tenant, account } = event.notification;
    for (const workflow of start) await startExecution(workflow, { tenant, account, eventId: event.id });
  });
}

function addTypes(tally: ReplayTally, events: RecordedEvent[]): ReplayTally {
  const byType = { ...tally.byType };
  for (const { notification } of events) byType[notification.type] = (byType[notification.type] ?? 0) + 1;
  return { ...tally, byType, counted: tally.counted + events.length };
}

function addPlans(tally: ReplayTally, planned: Planned[]): ReplayTally {
  const [started, skipped] = [{ ...tally.started }, { ...tally.skipped }];
  for (const { plan } of planned) {
    if ('skip' in plan) skipped[plan.skip] = (skipped[plan.skip] ?? 0) + 1;
    else for (const workflow of plan.start) started[workflow] = (started[workflow] ?? 0) + 1;
  }
  return { ...tally, started, skipped, done: tally.done + planned.length };
}

async function inGroups<Value, Result>(values: Value[], work: (value: Value) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < values.length; from += AT_ONCE)
    results.push(...(await settleAll(values.slice(from, from + AT_ONCE).map(work))));
  return results;
}
