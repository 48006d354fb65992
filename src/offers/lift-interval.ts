/** The 97.5th percentile of the normal distribution: 2.5 % are above it, and 2.5 % below its negative. */
const Z = 1.959964;

type Group = { accounts: number; converted: number };

/**
 * The 95 % confidence interval of the difference between two rates: method 10 of Newcombe (Statistics in Medicine 17, 1998), which holds
 * for small groups and for rates near 0 too.
 */
export function liftInterval(offered: Group, heldOut: Group): { from: number; to: number } {
  const [first, second] = [wilson(offered), wilson(heldOut)];
  const difference = first.rate - second.rate;
  return {
    from: difference - Math.hypot(first.rate - first.from, second.to - second.rate),
    to: difference + Math.hypot(first.to - first.rate, second.rate - second.from),
  };
}

function wilson({ accounts, converted }: Group): { rate: number; from: number; to: number } {
  const rate = converted / accounts;
  const squared = Z ** 2 / accounts;
  const middle = rate + squared / 2;
  const half = Z * Math.sqrt((rate * (1 - rate)) / accounts + squared / (4 * accounts));
  return { rate, from: (middle - half) / (1 + squared), to: (middle + half) / (1 + squared) };
}
