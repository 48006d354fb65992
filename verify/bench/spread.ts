export type Spread = { median: number; low: number; high: number; rounds: number };

/** Throws if there are no values. */
export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const [low] = sorted;
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) throw new Error('There is no spread of nothing.');
  const [below = low, above = high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return { median: (below + above) / 2, low, high, rounds: sorted.length };
}

/** Pairs each round with its neighbour, so that a busy minute affects both. */
export function ratioOf(values: number[], floors: number[]): Spread {
  return spreadOf(values.map((value, round) => value / (floors[round] ?? Number.NaN)));
}
