/** A figure over several rounds: its median, and the range that it was in. */
export type Spread = { median: number; low: number; high: number; rounds: number };

/** The spread of what was measured. Throws where nothing was. */
export function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const [low] = sorted;
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) throw new Error('There is no spread of nothing.');
  const [below = low, above = high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return { median: (below + above) / 2, low, high, rounds: sorted.length };
}

/** The spread of the ratios of what was measured by turns: each round against its neighbour, so that a busy minute harms both. */
export function ratioOf(values: number[], floors: number[]): Spread {
  return spreadOf(values.map((value, round) => value / (floors[round] ?? Number.NaN)));
}
