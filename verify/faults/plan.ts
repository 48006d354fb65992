import { createRandom, type Random } from '../../tooling/traffic/random.ts';
import { type TrafficEntry, traffic } from '../../tooling/traffic/traffic.ts';
import { expectedStart, parseSent, type SentNotification, type Starts, sessionOf } from './expectation.ts';
import { TENANTS } from './tenants.ts';

/** One distinct notification in the first ledger. */
export type LedgerEntry = {
  session: string;
  /** undefined for an invalid notification. */
  sent: SentNotification | undefined;
  /** The fault of an invalid notification. */
  fault: string | undefined;
  starts: Starts | undefined;
  entry: TrafficEntry;
  deliveries: number;
};

/** New notifications of a short time, and repeats of earlier waves. */
export type Wave = { fresh: LedgerEntry[]; deliveries: TrafficEntry[] };

export type Plan = {
  seed: number;
  events: number;
  /** When the first notification occurs, in milliseconds since the epoch. */
  startsAt: number;
  /** The time that a wave takes on the clock, in milliseconds. */
  waveMilliseconds: number;
  waves: number;
};

const INVALID_SHARE = 0.03;
/** Older than any tenant's `staleAfterHours`: recorded, and starts nothing. */
const OLD_SHARE = 0.02;
const OLD_MILLISECONDS = 10 * 24 * 3_600_000;
const EVENTS_PER_ACCOUNT = 25;
const MAX_WAVE_MILLISECONDS = 45 * 60_000;
/** All waves end well before the first execution's name is freed. */
const ALL_WAVES_MILLISECONDS = 3 * 24 * 3_600_000;
/** The share of repeats that come in a later wave. */
const LATE_SHARE = 0.1;
/** Cumulative shares: 55 of 100 notifications are delivered once, the others up to five times. */
const DELIVERIES = [0.55, 0.8, 0.92, 0.97, 1];

export function planOf({ seed, events, startsAt }: Pick<Plan, 'seed' | 'events' | 'startsAt'>): Plan {
  const waves = Math.min(200, Math.max(2, Math.ceil(events / 500)));
  const waveMilliseconds = Math.min(MAX_WAVE_MILLISECONDS, Math.floor(ALL_WAVES_MILLISECONDS / waves));
  return { seed, events, startsAt, waveMilliseconds, waves };
}

/** In order. The same plan gives byte-identical waves. */
export function* wavesOf(plan: Plan): Generator<Wave> {
  const random = createRandom(`${plan.seed}/deliveries`);
  const sources = sourcesOf(plan);
  let late: TrafficEntry[] = [];
  for (let wave = 0; wave < plan.waves; wave++) {
    const size = Math.floor(((wave + 1) * plan.events) / plan.waves) - Math.floor((wave * plan.events) / plan.waves);
    const fresh = Array.from({ length: size }, () => ledgerEntry(takeFrom(sources, random), random));
    const deliveries = late;
    late = [];
    for (const { entry, deliveries: times } of fresh) {
      deliveries.push(entry);
      for (let again = 1; again < times; again++) (random.chance(LATE_SHARE) && wave < plan.waves - 1 ? late : deliveries).push(entry);
    }
    yield { fresh, deliveries: random.shuffle(deliveries) };
  }
}

/** `upTo` is the cumulative share of draws up to and including this source. */
type Source = { upTo: number; entries: Iterator<TrafficEntry>; isOld: boolean };

/** For each tenant a stream of new notifications and one of old ones. */
function sourcesOf({ seed, events, startsAt, waves, waveMilliseconds }: Plan): Source[] {
  const seconds = (waves * waveMilliseconds) / 1_000;
  let upTo = 0;
  return TENANTS.flatMap(({ tenant, share }, index) =>
    [false, true].map((isOld) => {
      const part = share * (isOld ? OLD_SHARE : 1 - OLD_SHARE);
      const plan = {
        tenant,
        accounts: Math.max(4, Math.round((share * events) / EVENTS_PER_ACCOUNT)),
        seed: seed * 16 + index * 2 + (isOld ? 1 : 0),
        startsAt: isOld ? startsAt - OLD_MILLISECONDS : startsAt,
        rate: (part * events) / seconds,
        // More than needed: each event's stream is drawn at random.
        entries: events + 1,
        duplicateShare: 0,
        invalidShare: INVALID_SHARE,
        shuffle: false,
        withUnusableTenants: true,
        withHostileValues: true,
      };
      upTo += part;
      return { upTo, isOld, entries: traffic(plan)[Symbol.iterator]() };
    }),
  );
}

type Taken = { entry: TrafficEntry; isOld: boolean };

function takeFrom(sources: Source[], random: Random): Taken {
  const draw = random.next();
  const source = sources.find(({ upTo }) => draw < upTo) ?? sources[0];
  const next = source?.entries.next();
  if (source === undefined || next?.done !== false) throw new Error('The generator has run dry.');
  return { entry: next.value, isOld: source.isOld };
}

function ledgerEntry({ entry, isOld }: Taken, random: Random): LedgerEntry {
  const draw = random.next();
  const deliveries = DELIVERIES.findIndex((upTo) => draw < upTo) + 1;
  const session = sessionOf(entry.detail);
  if (entry.kind === 'invalid') return { session, entry, deliveries, fault: entry.type, sent: undefined, starts: undefined };
  const sent = parseSent(entry);
  return { session, entry, deliveries, fault: undefined, sent, starts: expectedStart(sent, isOld) };
}
