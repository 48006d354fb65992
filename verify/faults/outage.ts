import { createRandom } from '../../tooling/traffic/random.ts';
import { type Check, checkEach, type Evidence } from './checks/check.ts';
import type { Pace } from './drive.ts';
import type { Harness } from './harness.ts';
import type { FaultKind, Service } from './injection/fault-kinds.ts';
import type { FaultSource } from './injection/fault-proxy.ts';
import type { Plan } from './plan.ts';

export const OUTAGES = ['store', 'channels', 'totogi'] as const;
export type OutageName = (typeof OUTAGES)[number];

export const OUTAGE_DESCRIPTIONS: Record<OutageName, string> = {
  store: 'DynamoDB answers with errors, or not at all',
  channels: 'nothing listens where SNS and SES are',
  totogi: 'Totogi answers with errors, its tokens too, or not at all',
};

export type OutageOptions = { outage: OutageName; hours: number; events: number; seed: number; keep: boolean; log: (line: string) => void };

/** Times on the service's clock, plus the real seconds. */
export type CatchingUp = {
  outage: OutageName;
  hours: number;
  rejectedRequests: number;
  /** Messages in the queue, and runs with a step to retry, when the outage ended. */
  messages: number;
  runs: number;
  /** How many of both were still waiting when the time limit was reached. */
  stillWaiting: number;
  clockMinutes: number;
  seconds: number;
};

const HOUR_MILLISECONDS = 3_600_000;
const WAVES_PER_HOUR = 6;
const WAVE_MILLISECONDS = HOUR_MILLISECONDS / WAVES_PER_HOUR;
/** Before the outage, and after it. */
const PEACE_WAVES = WAVES_PER_HOUR;
/** Just over the visibility timeout, so that failed messages come again at each step. */
const STEP_SECONDS = 181;
const CATCH_UP_STEP_SECONDS = 60;
const MAX_CATCH_UP_STEPS = 24 * 60;
/** Services that are down but still return errors. */
const DEAD: Partial<Record<OutageName, Service>> = { store: 'DynamoDB', totogi: 'Totogi' };
const FAULTS: readonly [FaultKind, ...FaultKind[]] = ['error before', 'error before', 'cut off before', 'throttled'];
const NO_ANSWER_SHARE = 0.002;

export type Outage = {
  nextFault: FaultSource;
  /** Begins or ends the outage when it is that wave's turn. */
  turnAt(harness: Harness, plan: Plan, wave: number): Promise<void>;
  pace(harness: Harness, plan: Plan): Pace;
  /** Throws if the outage never ended. */
  caughtUp(): CatchingUp;
};

export function createOutage({ outage: name, hours, seed }: OutageOptions): Outage {
  const random = createRandom(`${seed}/outage`);
  let isDown = false;
  let rejectedRequests = 0;
  let caughtUp: CatchingUp | undefined;

  async function turn(harness: Harness, down: boolean): Promise<void> {
    isDown = down;
    if (name === 'channels') await harness.reachCarriers(!down);
  }

  return {
    nextFault({ seam }) {
      if (!isDown || seam.service !== DEAD[name]) return undefined;
      rejectedRequests++;
      return random.chance(NO_ANSWER_SHARE) ? 'no answer before' : random.pick(FAULTS);
    },
    async turnAt(harness, { waves }, wave) {
      if (wave === PEACE_WAVES) await turn(harness, true);
      if (wave !== waves - PEACE_WAVES) return;
      await turn(harness, false);
      caughtUp = { outage: name, hours, rejectedRequests, ...(await catchUp(harness)) };
    },
    pace: (harness, plan) => async (batches, wave) => {
      for (const batch of batches) harness.put(batch);
      await passTime(harness, plan.startsAt + (wave + 1) * plan.waveMilliseconds);
      return 0;
    },
    caughtUp() {
      if (caughtUp === undefined) throw new Error('The outage never ended.');
      return caughtUp;
    },
  };
}

/** The outage kills no invocation, so it must leave more than closed ledgers. */
export function checkOutage({ record }: Evidence, { outage, rejectedRequests, messages, runs, stillWaiting }: CatchingUp): Check[] {
  const felt = { waited: messages + runs, asked: DEAD[outage] === undefined ? undefined : rejectedRequests };
  return [
    checkEach('the outage was felt: what was dead was asked, and work waited for it', 'what was done to it', [felt], ({ waited, asked }) =>
      waited > 0 && asked !== 0 ? undefined : `${waited} messages and runs waited, ${asked ?? 'any number of'} requests were refused`,
    ),
    checkEach('all that waited was through within a day of the clock', 'record', [stillWaiting], (waiting) =>
      waiting === 0 ? undefined : `${waiting} messages and runs wait still`,
    ),
    checkEach('nothing lies in any dead-letter queue', 'record', [record.deadLetters.length], (letters) =>
      letters === 0 ? undefined : `${letters} letters`,
    ),
    checkEach(
      'no message failed for want of an answer, and no outcome is unknown',
      'record',
      record.messages,
      ({ claim, state, reason, hasReceipt }) =>
        hasReceipt || (state !== 'failed' && state !== 'unknown') ? undefined : `${claim} is ${state} (${reason})`,
    ),
    checkEach('no redemption was left to operations', 'record', record.offers.offers, ({ offerId, state, reason }) =>
      state === 'stuck' ? `${offerId} is stuck (${reason})` : undefined,
    ),
  ];
}

/** Sends notifications for hours, most of them during the outage. */
export function outagePlan({ parts }: Harness, { hours, events, seed }: OutageOptions): Plan {
  const waves = Math.round(hours * WAVES_PER_HOUR) + 2 * PEACE_WAVES;
  return { seed, events, startsAt: parts.clock.now(), waves, waveMilliseconds: WAVE_MILLISECONDS };
}

/** Advances the clock in steps; each step retries everything that is due. */
async function passTime({ parts: { clock }, idle }: Harness, until: number): Promise<void> {
  for (await idle(); clock.now() < until; await idle()) clock.advance(Math.min(STEP_SECONDS, (until - clock.now()) / 1_000));
}

/** Until no message or step waits for a retry. */
async function catchUp({ parts: { clock }, idle, schedule }: Harness): Promise<Omit<CatchingUp, 'outage' | 'hours' | 'rejectedRequests'>> {
  const startedAt = performance.now();
  const [messages, runs] = [schedule.waitingMessages(), schedule.waitingSteps()];
  const at = clock.now();
  for (let step = 0; step < MAX_CATCH_UP_STEPS; step++) {
    await idle();
    if (schedule.waitingMessages() + schedule.waitingSteps() === 0) break;
    clock.advance(CATCH_UP_STEP_SECONDS);
  }
  const clockMinutes = Math.round((clock.now() - at) / 60_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { messages, runs, stillWaiting: schedule.waitingMessages() + schedule.waitingSteps(), clockMinutes, seconds };
}
