import type { Happening } from './account-life.ts';
import { createAccounts } from './accounts.ts';
import { hostileNotificationOf } from './hostile-notification.ts';
import { allFaults, faultsOfTenant, invalidNotificationOf } from './invalid-notification.ts';
import { type Circumstances, notificationOf, type Spelling } from './notification-detail.ts';
import { createRandom, type Random } from './random.ts';

export type TrafficPlan = {
  tenant: string;
  accounts: number;
  seed: number;
  /** The planned time of the first entry, in milliseconds since the epoch. */
  startsAt: number;
  /** PutEvents entries per second, including repeats and invalid ones. */
  rate: number;
  /** The total number of entries, including repeats. */
  entries: number;
  /** Shares (0 to 1) of the distinct notifications. */
  duplicateShare: number;
  invalidShare: number;
  shuffle: boolean;
  /** Whether some of the invalid ones have no usable tenant; no tenant's quarantine shows them. */
  withUnusableTenants: boolean;
  /** Whether about half of the invalid ones are hostile: long, deep, or with many parts. */
  withHostileValues: boolean;
};

/** Entries with the same `content` are the same notification, sent again. */
export type TrafficEntry = {
  content: number;
  kind: 'valid' | 'invalid';
  /** A documented name, CounterThreshold, Unrecognised, or the fault of an invalid one. */
  type: string;
  time: Date;
  source: string;
  detailType: string;
  detail: string;
};

/** A repeat is one of this many latest distinct notifications. */
const repeatableNotifications = 1_000;
/** With shuffle, each entry is drawn from this many waiting ones. */
const shuffleWindow = 50;

export function sharesOf({ entries, duplicateShare, invalidShare }: TrafficPlan): { distinct: number; repeated: number; invalid: number } {
  const distinct = Math.max(1, Math.round(entries / (1 + duplicateShare)));
  return { distinct, repeated: entries - distinct, invalid: Math.round(distinct * invalidShare) };
}

/** In sending order. The same plan gives byte-identical entries. */
export function traffic(plan: TrafficPlan): Iterable<TrafficEntry> {
  return plan.shuffle ? shuffled(inOrder(plan), createRandom(`${plan.seed}/shuffle`)) : inOrder(plan);
}

function* inOrder(plan: TrafficPlan): Generator<TrafficEntry, void> {
  const random = createRandom(`${plan.seed}/traffic`);
  const notifications = distinctNotifications(plan);
  const recent: TrafficEntry[] = [];
  // Shuffled entries are generated ahead, but none is sent before its own time.
  const slotsAhead = plan.shuffle ? shuffleWindow : 0;
  let { distinct, repeated } = sharesOf(plan);

  for (let slot = 0; slot < plan.entries; slot++) {
    // Selection sampling (Knuth, volume 2, 3.4.2): each slot is equally likely, and the number is exact.
    const repeats = slot > 0 && random.chance(repeated / (repeated + distinct));
    const again = recent[random.integer(0, recent.length - 1)];
    if (repeats && again !== undefined) {
      repeated--;
      yield again;
    } else {
      distinct--;
      const entry = notifications(plan.startsAt + Math.floor(((slot - slotsAhead) * 1_000) / plan.rate));
      recent[entry.content % repeatableNotifications] = entry;
      yield entry;
    }
  }
}

function distinctNotifications(plan: TrafficPlan): (plannedAt: number) => TrafficEntry {
  const random = createRandom(`${plan.seed}/notifications`);
  const accounts = createAccounts(plan);
  let { distinct, invalid } = sharesOf(plan);
  let content = 0;

  return (plannedAt) => {
    const isInvalid = random.chance(invalid / distinct);
    distinct--;
    if (isInvalid) invalid--;

    const { account, happening, invokedAt } = accounts.next(random.integer(1, plan.accounts), plannedAt);
    const session = `emulated-${plan.seed}-${plan.startsAt.toString(36)}-${content}`;
    const circumstances: Circumstances = { tenant: plan.tenant, account, session, invokedAt, content };
    const chosen = isInvalid ? anInvalid(happening, circumstances, { random, plan }) : aValid(happening, circumstances, random);
    return { ...chosen, content: content++, time: new Date(plannedAt) };
  };
}

type Content = Pick<TrafficEntry, 'kind' | 'type' | 'source' | 'detailType' | 'detail'>;

function aValid(happening: Happening, circumstances: Circumstances, random: Random): Content {
  const { source, detailType, detail } = notificationOf(happening, circumstances, spellingFor(happening, random));
  return { kind: 'valid', type: happening.type, source, detailType, detail: JSON.stringify(detail) };
}

function anInvalid(happening: Happening, circumstances: Circumstances, { random, plan }: { random: Random; plan: TrafficPlan }): Content {
  if (plan.withHostileValues && random.chance(0.5)) {
    const { fault, ...content } = hostileNotificationOf(happening, circumstances, random);
    return { kind: 'invalid', type: `invalid: ${fault}`, ...content };
  }
  const fault = random.pick(plan.withUnusableTenants ? allFaults : faultsOfTenant);
  const { source, detailType, detail } = invalidNotificationOf(happening, circumstances, fault);
  return { kind: 'invalid', type: `invalid: ${fault}`, source, detailType, detail: JSON.stringify(detail) };
}

function spellingFor(happening: Happening, random: Random): Spelling {
  const draw = random.next();
  if (happening.type === 'CounterThreshold' && draw < 0.08) return 'flat-2022';
  return draw > 0.85 ? 'documented' : 'lower-case';
}

function* shuffled(entries: Iterable<TrafficEntry>, random: Random): Generator<TrafficEntry, void> {
  const waiting: TrafficEntry[] = [];
  for (const entry of entries) {
    waiting.push(entry);
    if (waiting.length > shuffleWindow) yield* waiting.splice(random.integer(0, waiting.length - 1), 1);
  }
  while (waiting.length > 0) yield* waiting.splice(random.integer(0, waiting.length - 1), 1);
}
