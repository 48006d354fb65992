/** Numbers that look random and are the same for the same seed, on every machine. */
export type Random = {
  /** A number from 0 up to, not including, 1. */
  next: () => number;
  /** A whole number from `least` to `most`, both possible. */
  integer: (least: number, most: number) => number;
  chance: (probability: number) => boolean;
  pick: <Choices extends readonly [unknown, ...unknown[]]>(choices: Choices) => Choices[number];
  /** The same ones in another order. */
  shuffle: <One>(ones: readonly One[]) => One[];
};

/** A stream of its own for each text: parts of a simulation that draw from different streams do not disturb each other. */
export function createRandom(seedText: string): Random {
  let state = hash(seedText);

  // mulberry32, in the public domain: https://github.com/cprosche/mulberry32
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? choices[0],
    shuffle: (ones) =>
      ones
        .map((one) => ({ one, place: next() }))
        .sort((former, latter) => former.place - latter.place)
        .map(({ one }) => one),
  };
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
