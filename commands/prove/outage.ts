import { createRandom } from '../../tooling/traffic/random.ts';
import { createCarriers } from './carriers.ts';
import { type Check, type Contacts, checkEach, type Evidence } from './checks/check.ts';
import { addContacts } from './contacts.ts';
import { batchesOf, drainQueues, drainRuns, openSentIn, recordWave } from './drive.ts';
import { evidenceOf } from './evidence.ts';
import type { FaultKind, Service } from './faults/fault-kinds.ts';
import type { FaultSource } from './faults/fault-proxy.ts';
import type { Harness } from './harness.ts';
import { type Plan, wavesOf } from './plan.ts';
import { createSubscribers } from './subscribers.ts';

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
const WAVE_MILLISECONDS = HOUR_MILLISECONDS / 6;
/** Before and after the outage. */
const PEACE_HOURS = 1;
/** Just over the visibility timeout, so that failed messages come again at each step. */
const STEP_SECONDS = 181;
const CATCH_UP_STEP_SECONDS = 60;
const MAX_CATCH_UP_STEPS = 24 * 60;
/** Services that are down but still return errors. */
const DEAD: Partial<Record<OutageName, Service>> = { store: 'DynamoDB', totogi: 'Totogi' };
const FAULTS: readonly [FaultKind, ...FaultKind[]] = ['error before', 'error before', 'cut off before', 'throttled'];
const NO_ANSWER_SHARE = 0.002;

/** `refused` counts the requests during the outage. */
export type Outage = {
  nextFault: FaultSource;
  begin(harness: Harness): Promise<void>;
  end(harness: Harness): Promise<void>;
  refused(): number;
};

export function createOutage(name: OutageName, seed: number): Outage {
  const random = createRandom(`${seed}/outage`);
  let isDown = false;
  let refused = 0;
  return {
    nextFault({ seam }) {
      if (!isDown || seam.service !== DEAD[name]) return undefined;
      refused++;
      return random.chance(NO_ANSWER_SHARE) ? 'no answer before' : random.pick(FAULTS);
    },
    async begin({ reachCarriers }) {
      isDown = true;
      if (name === 'channels') await reachCarriers(false);
    },
    async end({ reachCarriers }) {
      isDown = false;
      if (name === 'channels') await reachCarriers(true);
    },
    refused: () => refused,
  };
}

/** Sends notifications for hours, most of them during the outage, then lets everything finish. */
export async function driveThrough(
  harness: Harness,
  outage: Outage,
  options: OutageOptions,
): Promise<{ evidence: Evidence; caughtUp: CatchingUp }> {
  const plan = planFor(harness, options);
  const contacts: Contacts = new Map();
  const carriers = createCarriers(harness, options.seed, undefined);
  const subscribers = createSubscribers(harness, options.seed);
  const sentIn = openSentIn();
  let caughtUp: CatchingUp | undefined;
  let wave = 0;
  for (const { fresh, deliveries } of wavesOf(plan)) {
    await addContacts(harness, contacts, fresh);
    if (wave === PEACE_HOURS * 6) await outage.begin(harness);
    if (wave === plan.waves - PEACE_HOURS * 6) {
      await outage.end(harness);
      caughtUp = await catchUp(harness, outage, options);
    }
    for (const batch of batchesOf(deliveries)) harness.put(batch);
    recordWave(sentIn, { fresh, deliveries });
    wave++;
    await passTime(harness, plan.startsAt + wave * plan.waveMilliseconds);
    await subscribers.answer();
    options.log(`${wave * 10} of ${plan.waves * 10} minutes have passed`);
  }
  if (caughtUp === undefined) throw new Error('The outage never ended.');
  await drainQueues(harness);
  if (!(await drainRuns(harness, { meanwhile: subscribers.answer }))) options.log('Some runs never end.');
  carriers.reportMails();
  await carriers.reportTexts();
  await drainQueues(harness);
  const known = { sentIn, contacts, carrierReceipts: carriers.receipts, subscribers };
  return { evidence: await evidenceOf(harness, known), caughtUp };
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

function planFor({ parts }: Harness, { hours, events, seed }: OutageOptions): Plan {
  const waves = Math.round((hours + 2 * PEACE_HOURS) * 6);
  return { seed, events, startsAt: parts.clock.now(), waves, waveMilliseconds: WAVE_MILLISECONDS };
}

/** Advances the clock in steps; each step retries everything that is due. */
async function passTime({ parts: { clock }, idle }: Harness, until: number): Promise<void> {
  for (await idle(); clock.now() < until; await idle()) clock.advance(Math.min(STEP_SECONDS, (until - clock.now()) / 1_000));
}

/** Until no message or step waits for a retry. */
async function catchUp(harness: Harness, outage: Outage, { outage: name, hours }: OutageOptions): Promise<CatchingUp> {
  const { parts, idle, schedule } = harness;
  const startedAt = performance.now();
  const [messages, runs] = [schedule.waitingMessages(), schedule.waitingSteps()];
  const at = parts.clock.now();
  for (let step = 0; step < MAX_CATCH_UP_STEPS; step++) {
    await idle();
    if (schedule.waitingMessages() + schedule.waitingSteps() === 0) break;
    parts.clock.advance(CATCH_UP_STEP_SECONDS);
  }
  const clockMinutes = Math.round((parts.clock.now() - at) / 60_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  const stillWaiting = schedule.waitingMessages() + schedule.waitingSteps();
  return { outage: name, hours, rejectedRequests: outage.refused(), messages, runs, stillWaiting, clockMinutes, seconds };
}
