import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../../tooling/traffic/random.ts';
import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import type { Harness } from './harness.ts';
import { type LedgerEntry, type Plan, type Wave, wavesOf } from './plan.ts';

/** The first ledger. */
export type SentIn = {
  entries: Omit<LedgerEntry, 'entry'>[];
  /** All deliveries, including repeats. */
  deliveries: number;
  jumps: number;
  /** Some of the notifications, for delivery again much later. */
  sample: TrafficEntry[];
};

const BATCH = 10;
/** A longer backlog would only slow the queue down. */
const MAX_IN_QUEUE = 400;
const POLL_MILLISECONDS = 5;
const MINUTE_MILLISECONDS = 60_000;
const DAY_MILLISECONDS = 24 * 60 * MINUTE_MILLISECONDS;
/** One of this many batches is followed by a clock jump of up to ten minutes; fewer if waves are large. */
const BATCHES_PER_JUMP = 25;
const MAX_JUMP_SECONDS = 600;
/** The smallest step of the clock while runs finish. */
const DRAIN_STEP_MILLISECONDS = 60 * MINUTE_MILLISECONDS;
/** Each step records what will expire, which happens after 14 days. */
const MAX_STEP_MILLISECONDS = 5 * DAY_MILLISECONDS;
/** Longer than any run: one for a plan may wait a month for the plan's end. */
const MAX_DRAIN_MILLISECONDS = 45 * DAY_MILLISECONDS;
/**
 * One of this many notifications comes again after one week and after two: after the retry of starts has ended, and after its execution's
 * name has been freed.
 */
const LATE_SAMPLE = 40;
const LATE_AFTER_DAYS = [8, 15];

/** Delivers one wave, and returns how often the clock jumped meanwhile. `wave` counts from 0. */
export type Pace = (batches: TrafficEntry[][], wave: number) => Promise<number>;

/** What happens around the deliveries. */
export type DriveEvents = {
  beforeWave: (fresh: LedgerEntry[], wave: number) => Promise<void>;
  pace: Pace;
  afterWave: (wave: number) => Promise<void>;
};

/** Delivers the plan's waves. Runs continue meanwhile, and wait on the clock. */
export async function deliverWaves(plan: Plan, { beforeWave, pace, afterWave }: DriveEvents): Promise<SentIn> {
  const sentIn: SentIn = { entries: [], deliveries: 0, jumps: 0, sample: [] };
  let wave = 0;
  for (const { fresh, deliveries } of wavesOf(plan)) {
    await beforeWave(fresh, wave);
    sentIn.jumps += await pace([...batchesOf(deliveries)], wave);
    recordWave(sentIn, { fresh, deliveries });
    await afterWave(++wave);
  }
  return sentIn;
}

/** Delivers each wave until the queues are empty. */
export function paceByQueue(harness: Harness, plan: Plan): Pace {
  const random = createRandom(`${plan.seed}/clock`);
  return async (batches, wave) => {
    advanceTo(harness, plan.startsAt + (wave + 1) * plan.waveMilliseconds);
    const chance = chanceOfJump(plan, batches.length);
    let jumps = 0;
    for (const batch of batches) {
      await deliver(harness, batch);
      if (!random.chance(chance)) continue;
      harness.parts.clock.advance(random.integer(1, MAX_JUMP_SECONDS));
      jumps++;
    }
    await drainQueues(harness);
    await takeTurns(harness);
    return jumps;
  };
}

/**
 * The probability of a clock jump after a batch. All jumps of a wave take half of its time on average: a clock ahead of the plan would make
 * later notifications stale.
 */
export function chanceOfJump({ waveMilliseconds }: Pick<Plan, 'waveMilliseconds'>, batches: number): number {
  const maxJumps = waveMilliseconds / 1_000 / MAX_JUMP_SECONDS;
  return Math.min(1 / BATCHES_PER_JUMP, maxJumps / batches);
}

/** What people do while runs continue. Without `until`, it ends when all runs have finished. */
export type Draining = { meanwhile: () => Promise<void>; until?: number };

/** Lets every run finish. Returns false if some never do. */
export async function drainRuns({ parts: { clock }, schedule, history, idle }: Harness, { meanwhile, until }: Draining): Promise<boolean> {
  const end = clock.now() + MAX_DRAIN_MILLISECONDS;
  for (;;) {
    await idle();
    await meanwhile();
    history.record();
    if (schedule.running() === 0 || (until !== undefined && clock.now() >= until)) return true;
    if (clock.now() > end || !schedule.jumpToNext(DRAIN_STEP_MILLISECONDS, MAX_STEP_MILLISECONDS)) return false;
  }
}

/** Delivers old notifications again while the longest workflows still run. */
export async function deliverLate(harness: Harness, plan: Plan, { sentIn, meanwhile }: { sentIn: SentIn } & Draining): Promise<void> {
  for (const days of LATE_AFTER_DAYS) {
    const until = plan.startsAt + plan.waves * plan.waveMilliseconds + days * DAY_MILLISECONDS;
    await drainRuns(harness, { meanwhile, until });
    advanceTo(harness, until);
    for (const batch of batchesOf(sentIn.sample)) await deliver(harness, batch);
    sentIn.deliveries += sentIn.sample.length;
    await drainQueues(harness);
  }
}

/** Waits until every message is processed or dead: failed ones come again after their visibility timeout. */
export async function drainQueues({ parts: { queues, clock }, schedule }: Harness): Promise<void> {
  for (;;) {
    const isBusy = queues.map((queue) => queue.counts()).some(({ visible, inFlight }) => visible + inFlight > 0);
    const at = isBusy ? undefined : schedule.nextMessageAt();
    if (!isBusy && at === undefined) return;
    if (at === undefined) await pause(POLL_MILLISECONDS);
    else clock.advance(Math.max(1, at - clock.now() + 1) / 1_000);
  }
}

/** Waits until no run is due: on a busy machine, runs would fall hours behind the clock, which does not happen on Lambda. */
async function takeTurns({ schedule }: Harness): Promise<void> {
  while (schedule.isDue()) await pause(POLL_MILLISECONDS);
}

function recordWave(sentIn: SentIn, { fresh, deliveries }: Wave): void {
  sentIn.deliveries += deliveries.length;
  sentIn.sample.push(...fresh.filter((_, index) => index % LATE_SAMPLE === 0).map(({ entry }) => entry));
  for (const { entry: _forgotten, ...kept } of fresh) sentIn.entries.push(kept);
}

async function deliver(harness: Harness, entries: TrafficEntry[]): Promise<void> {
  while (waiting(harness) > MAX_IN_QUEUE) await pause(POLL_MILLISECONDS);
  harness.put(entries);
}

function waiting({ parts: { queues } }: Harness): number {
  return queues.map((queue) => queue.counts()).reduce((sum, { visible, inFlight }) => sum + visible + inFlight, 0);
}

function* batchesOf(entries: TrafficEntry[]): Generator<TrafficEntry[]> {
  for (let start = 0; start < entries.length; start += BATCH) yield entries.slice(start, start + BATCH);
}

/** Moves the clock ahead to a time (milliseconds since the epoch), never back. */
function advanceTo({ parts: { clock } }: Harness, at: number): void {
  if (at > clock.now()) clock.advance((at - clock.now()) / 1_000);
}
