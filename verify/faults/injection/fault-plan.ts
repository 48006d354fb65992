import { createRandom, type Random } from '../../../tooling/traffic/random.ts';
import type { FaultKind, Seam } from './fault-kinds.ts';

export type SeamCount = { seam: string; requests: number; faults: Partial<Record<FaultKind, number>> };

/**
 * Decides the fault of each request: for a seed, each seam has the same faults in the same order. Which request gets which fault depends on
 * the order of arrival.
 */
export type FaultPlan = {
  /** @param sandbox the caller, so that errors in a row hit one client. */
  next(seam: Seam, sandbox: string): FaultKind | undefined;
  counts(): SeamCount[];
};

/** `silentDeck`: which of its decks, in turn, contains the faults without an answer. */
type Dealer = { random: Random; deck: FaultKind[]; dealt: number; nextIn: number; silentDeck: number; count: SeamCount };

/** A new seam has faults close together at first, so that even one with few requests gets each kind. */
const FIRST_GAP = 5;
const GAP_GROWTH = 3;
/** Later, on average one of this many requests gets a fault. */
const USUAL_GAP = 60;
const RARE_GAP = 4;
/** One of this many requests kills all sandboxes. Rarer in a long run, since a restart of all takes seconds. */
const ALL_KILLED_GAP = 6_000;
const LATER_ALL_KILLED_GAP = 60_000;
const FIRST_ALL_KILLED = 3_000;
const LONG_RUN_REQUESTS = 200_000;
const ERRORS_IN_A_ROW = 4;
/**
 * A client without an answer waits for seconds, so only one of this many decks has these faults; the first deck if a service has few seams.
 */
const SILENT_DECKS = 4;
const SILENT_AT_FIRST = new Set(['SNS', 'SES', 'Secrets Manager', 'Totogi']);

/** Each seam has a shuffled deck of its kinds of faults, dealt at gaps that grow up to the usual one. */
export function createFaultPlan(seed: number): FaultPlan {
  const dealers = new Map<string, Dealer>();
  const everywhere = createRandom(`${seed}/faults`);
  const errorsLeft = new Map<string, number>();
  let requests = 0;

  function dealerOf(seam: Seam): Dealer {
    const known = dealers.get(seam.name);
    if (known) return known;
    const random = createRandom(`${seed}/faults/${seam.name}`);
    const count = { seam: seam.name, requests: 0, faults: {} };
    const silentDeck = SILENT_AT_FIRST.has(seam.service) ? 0 : random.integer(0, SILENT_DECKS - 1);
    const dealer: Dealer = { random, deck: [], dealt: 0, nextIn: random.integer(1, 2 * FIRST_GAP), silentDeck, count };
    dealers.set(seam.name, dealer);
    return dealer;
  }

  function isInARow(row: string): boolean {
    const left = errorsLeft.get(row) ?? 0;
    if (left === 1) errorsLeft.delete(row);
    else if (left > 1) errorsLeft.set(row, left - 1);
    return left > 0;
  }

  function isEveryonesLast(): boolean {
    requests++;
    if (requests === FIRST_ALL_KILLED) return true;
    return everywhere.chance(1 / (requests > LONG_RUN_REQUESTS ? LATER_ALL_KILLED_GAP : ALL_KILLED_GAP));
  }

  return {
    next(seam, sandbox) {
      const dealer = dealerOf(seam);
      dealer.count.requests++;
      const row = `${sandbox} ${seam.name}`;
      if (isInARow(row)) return 'error before';
      if (isEveryonesLast()) return countFault(dealer, 'all killed');
      if (--dealer.nextIn > 0) return undefined;
      const gap = seam.isRare ? RARE_GAP : Math.min(USUAL_GAP, FIRST_GAP + GAP_GROWTH * dealer.dealt);
      dealer.nextIn = dealer.random.integer(1, 2 * gap);
      const kind = deal(dealer, seam);
      if (kind === 'four errors') errorsLeft.set(row, ERRORS_IN_A_ROW - 1);
      return kind;
    },
    counts: () => [...dealers.values()].map(({ count }) => count).sort((one, two) => (one.seam < two.seam ? -1 : 1)),
  };
}

function deal(dealer: Dealer, seam: Seam): FaultKind | undefined {
  if (dealer.deck.length === 0) dealer.deck = newDeck(dealer, seam);
  const kind = dealer.deck.pop();
  dealer.dealt++;
  return kind && countFault(dealer, kind);
}

function countFault({ count: { faults } }: Dealer, kind: FaultKind): FaultKind {
  faults[kind] = (faults[kind] ?? 0) + 1;
  return kind;
}

function newDeck({ dealt, random, silentDeck }: Dealer, { kinds }: Seam): FaultKind[] {
  const withSilence = Math.floor(dealt / kinds.length) % SILENT_DECKS === silentDeck;
  return random.shuffle(kinds.filter((kind) => withSilence || !kind.startsWith('no answer')));
}
