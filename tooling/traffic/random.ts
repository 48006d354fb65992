/** Pseudo-random numbers: the same for the same seed on every machine. */
export type Random = {
  /** From 0 up to, but not including, 1. */
  next: () => number;
  /** From `least` to `most`, both included. */
  integer: (least: number, most: number) => number;
  chance: (probability: number) => boolean;
  pick: <Choices extends readonly [unknown, ...unknown[]]>(choices: Choices) => Choices[number];
  shuffle: <One>(ones: readonly One[]) => One[];
};

/** Each text has its own stream, so that parts of a simulation do not affect each other. */
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
