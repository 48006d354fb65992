import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../emulate/random.ts';
import type { TrafficEntry } from '../emulate/traffic.ts';
import type { Harness } from './harness.ts';
import { type LedgerEntry, type Plan, type Wave, wavesOf } from './plan.ts';

/** The first ledger: what was sent in. */
export type SentIn = {
  entries: Omit<LedgerEntry, 'entry'>[];
  /** Deliveries in all, repeats among them. */
  deliveries: number;
  jumps: number;
  /** Some of the notifications, to be delivered again long after. */
  sample: TrafficEntry[];
};

const BATCH = 10;
/** Messages that may wait or be in hand before the next are put: a backlog of thousands would only slow the queue down. */
const MAX_IN_QUEUE = 400;
const POLL_MILLISECONDS = 5;
const MINUTE_MILLISECONDS = 60_000;
const DAY_MILLISECONDS = 24 * 60 * MINUTE_MILLISECONDS;
/** One delivered batch in so many is followed by a jump of the clock, of up to ten minutes, and fewer where waves are large. */
const BATCHES_PER_JUMP = 25;
const MAX_JUMP_SECONDS = 600;
/** Runs are waited for in steps of at least this. */
const DRAIN_STEP_MILLISECONDS = 60 * MINUTE_MILLISECONDS;
/** What expires is noted at each step, and expires after 14 days. */
const MAX_STEP_MILLISECONDS = 5 * DAY_MILLISECONDS;
/** Longer than any run: that of a plan may wait for its end, a month later. */
const MAX_DRAIN_MILLISECONDS = 45 * DAY_MILLISECONDS;
/** One notification in so many comes once more after a week and after two: when starting again has ended, and when its run's name is forgotten. */
const LATE_SAMPLE = 40;
const LATE_AFTER_DAYS = [8, 15];

/** What is done beside the deliveries. */
export type DriveEvents = { beforeWave: (fresh: LedgerEntry[]) => Promise<void>; afterWave: (wave: number) => Promise<void> };

/** Delivers the plan's waves, each until the queues are empty. Runs go on meanwhile, and wait on the clock. */
export async function deliverWaves(harness: Harness, plan: Plan, { beforeWave, afterWave }: DriveEvents): Promise<SentIn> {
  const random = createRandom(`${plan.seed}/clock`);
  const sentIn = openSentIn();
  let wave = 0;
  for (const { fresh, deliveries } of wavesOf(plan)) {
    await beforeWave(fresh);
    advanceTo(harness, plan.startsAt + (wave + 1) * plan.waveMilliseconds);
    const batches = [...batchesOf(deliveries)];
    const chance = chanceOfJump(plan, batches.length);
    for (const batch of batches) {
      await deliver(harness, batch);
      if (!random.chance(chance)) continue;
      harness.parts.clock.advance(random.integer(1, MAX_JUMP_SECONDS));
      sentIn.jumps++;
    }
    recordWave(sentIn, { fresh, deliveries });
    await drainQueues(harness);
    await takeTurns(harness);
    await afterWave(++wave);
  }
  return sentIn;
}

/**
 * How likely the clock jumps after a batch of a wave of so many. All jumps of a wave take half of its time on average: a clock that ran away
 * from the plan would make the news of later waves old.
 */
export function chanceOfJump({ waveMilliseconds }: Pick<Plan, 'waveMilliseconds'>, batches: number): number {
  const maxJumps = waveMilliseconds / 1_000 / MAX_JUMP_SECONDS;
  return Math.min(1 / BATCHES_PER_JUMP, maxJumps / batches);
}

/** What people do while runs go on, and until when on the clock that is: without it until all have ended. */
export type Draining = { meanwhile: () => Promise<void>; until?: number };

/** Lets every run come to its end. Answers false when some never do. */
export async function drainRuns({ parts: { clock }, schedule, history, idle }: Harness, { meanwhile, until }: Draining): Promise<boolean> {
  const end = clock.now() + MAX_DRAIN_MILLISECONDS;
  for (;;) {
    await idle();
    await meanwhile();
    history.note();
    if (schedule.running() === 0 || (until !== undefined && clock.now() >= until)) return true;
    if (clock.now() > end || !schedule.jumpToNext(DRAIN_STEP_MILLISECONDS, MAX_STEP_MILLISECONDS)) return false;
  }
}

/** Repeats of what was handled long ago, while the longest workflows go on. */
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

/** Until every message is handled or dead: what failed comes again when its visibility timeout ends. */
export async function drainQueues({ parts: { queues, clock }, schedule }: Harness): Promise<void> {
  for (;;) {
    const isBusy = queues.map((queue) => queue.counts()).some(({ visible, inFlight }) => visible + inFlight > 0);
    const at = isBusy ? undefined : schedule.nextMessageAt();
    if (!isBusy && at === undefined) return;
    if (at === undefined) await pause(POLL_MILLISECONDS);
    else clock.advance(Math.max(1, at - clock.now() + 1) / 1_000);
  }
}

/** Until no run waits for its turn: on a busy machine they would fall behind the clock by hours, which runs on Lambda do not. */
async function takeTurns({ schedule }: Harness): Promise<void> {
  while (schedule.isDue()) await pause(POLL_MILLISECONDS);
}

/** The first ledger, with nothing in it. */
export function openSentIn(): SentIn {
  return { entries: [], deliveries: 0, jumps: 0, sample: [] };
}

/** Writes a wave into the first ledger. */
export function recordWave(sentIn: SentIn, { fresh, deliveries }: Wave): void {
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

export function* batchesOf(entries: TrafficEntry[]): Generator<TrafficEntry[]> {
  for (let start = 0; start < entries.length; start += BATCH) yield entries.slice(start, start + BATCH);
}

/** Moves the clock ahead to a time, unless it is there: milliseconds since the epoch. */
export function advanceTo({ parts: { clock } }: Harness, at: number): void {
  if (at > clock.now()) clock.advance((at - clock.now()) / 1_000);
}
