import type { Random } from './random.ts';

/** Something that makes Totogi send a notification. */
export type Happening = {
  type: string;
  name: string;
  state: string;
  previousState?: string;
  threshold?: number;
  fields?: Record<string, unknown>;
  device?: string;
};

type Counter = { name: string; threshold: number; device: string; state: 'normal' | 'warning80' | 'low' };
type Life = { random: Random; devices: readonly [string, ...string[]]; counters: readonly [Counter, ...Counter[]] };

const plans = ['plan-gold-30', 'plan-silver-30', 'plan-data-10gb', 'plan-weekend-pass'] as const;

/** As plan designers name them, with thresholds in base units: bytes, seconds, messages. */
const counterNames = [
  ['AllowanceThresholdData', 214_748_364],
  ['AllowanceThresholdVoice', 600],
  ['AllowanceThresholdText', 20],
  ['Data Thresholds', 1_073_741_824],
  ['Voice Thresholds', 1_800],
  ['Text Thresholds', 50],
  ['Roaming Data', 104_857_600],
  ['Night Minutes', 900],
] as const;

/**
 * The endless life of one account in a plausible order: plans are activated, used, renewed, fail to renew, warn, expire and are cancelled,
 * and counters fall and recover. It has no clock and depends on `random` alone.
 */
export function* accountLife(random: Random, devices: readonly [string, ...string[]]): Generator<Happening, never> {
  const newCounter = (): Counter => {
    const [name, threshold] = random.pick(counterNames);
    return { name, threshold, device: random.pick(devices), state: 'normal' };
  };
  const life: Life = { random, devices, counters: [newCounter(), newCounter()] };

  for (;;) {
    const planid = random.pick(plans);
    yield { type: 'NewPlanActivated', name: 'NewPlanActivated', state: 'active', fields: { planid } };
    yield* random.chance(0.5) ? recurringPlan(life) : oneOffPlan(life);
  }
}

function* recurringPlan(life: Life): Generator<Happening, void> {
  const periods = life.random.integer(1, 4);
  for (let period = 0; period < periods; period++) {
    yield* usage(life);
    const failures = life.random.chance(0.3) ? life.random.integer(1, 4) : 0;
    for (let failure = 0; failure < failures; failure++) yield finished('AutoRenewFailure', 'renewFailure');
    if (failures > 0 && life.random.chance(0.4)) {
      yield finished('PlanExpired', 'expired', 'active');
      return;
    }
    yield finished('AutoRenewSuccess', 'renewSuccess');
    if (life.random.chance(0.4)) yield rollover(life.random);
    yield* replenished(life);
  }
  yield finished('PlanCancelled', 'cancelled', 'active');
}

function* oneOffPlan(life: Life): Generator<Happening, void> {
  yield* usage(life);
  const warnings = life.random.integer(1, 3);
  for (let warning = 0; warning < warnings; warning++) {
    yield finished('PlanExpiryWarning', 'warning', warning === 0 ? 'active' : 'warning');
  }
  yield life.random.chance(0.8) ? finished('PlanExpired', 'expired', 'warning') : finished('PlanCancelled', 'cancelled', 'warning');
}

function* usage(life: Life): Generator<Happening, void> {
  const { random } = life;
  const happenings = random.integer(2, 6);
  for (let count = 0; count < happenings; count++) {
    const draw = random.next();
    if (draw < 0.7) yield nextState(random.pick(life.counters));
    else if (draw < 0.77) yield unitAllowanceLow(life);
    else if (draw < 0.86) yield credit('AccountCreditWarning', 'warning', random.pick([5, 10, 20]));
    else if (draw < 0.95) yield { ...credit('OutOfCredit', 'outOfCredit', 0), device: random.pick(life.devices) };
    else yield unheardOf(random);
  }
}

function* replenished({ counters }: Life): Generator<Happening, void> {
  for (const counter of counters) {
    if (counter.state !== 'normal') yield nextState(counter, 'normal');
  }
}

const following = { normal: 'warning80', warning80: 'low', low: 'normal' } as const;

function nextState(counter: Counter, state: Counter['state'] = following[counter.state]): Happening {
  const previousState = counter.state;
  counter.state = state;
  return { type: 'CounterThreshold', name: counter.name, state, previousState, threshold: counter.threshold, device: counter.device };
}

function unitAllowanceLow({ random, devices }: Life): Happening {
  const device = random.pick(devices);
  return { ...credit('UnitAllowanceThreshold', 'low', random.pick([50, 600, 1_073_741_824])), device };
}

function credit(name: string, state: string, threshold: number): Happening {
  return { type: name, name, state, previousState: 'normal', threshold };
}

function finished(name: string, state: string, previousState?: string): Happening {
  return previousState === undefined ? { type: name, name, state } : { type: name, name, state, previousState };
}

/** The documentation leaves the form of the amount open: "all data types and the quantity rolled over". */
function rollover(random: Random): Happening {
  const bytes = random.integer(1, 40) * 104_857_600;
  const rolloveramount = random.pick([bytes, String(bytes), { data: bytes, voice: random.integer(1, 60) * 60 }]);
  const fields = { rolloveramount, rollovergraceperiod: random.pick(['7d', '30d']) };
  return { type: 'PlanRollover', name: 'PlanRollover', state: 'rolloverOccured', fields };
}

function unheardOf(random: Random): Happening {
  const { name, state } = random.pick([
    { name: 'LoyaltyTierReached', state: 'gold' },
    { name: 'SimSwapped', state: 'completed' },
  ]);
  return { type: 'Unrecognised', name, state, fields: { points: random.integer(1, 2_000) } };
}
