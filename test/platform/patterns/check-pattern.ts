import type { Parameters } from 'recheck';
import { vi } from 'vitest';

// The checker in plain JavaScript: the same on every machine.
vi.stubEnv('RECHECK_BACKEND', 'pure');
const { checkSync } = await import('recheck');

/** Steps and a seed bound the search, never the time: a slow machine answers as a fast one. */
const BOUNDS: Parameters = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  seedingTimeout: null,
  randomSeed: 20260,
  attackLimit: 100_000_000,
  // What is larger, as zod's dates are, is searched: to calculate it takes longer than all others together.
  maxPatternSize: 100,
  maxNFASize: 2_000,
  maxIteration: 1,
  maxInitialGenerationSize: 50,
  maxGenerationSize: 20,
  mutationSize: 20,
  crossoverSize: 10,
};

/** What is wrong with a regular expression, or undefined: its work grows faster than the text, or it cannot be told. */
export function faultOf(source: string, flags: string): string | undefined {
  const found = checkSync(source, flags, BOUNDS);
  if (found.status === 'safe') return undefined;
  if (found.status === 'unknown') return `it cannot be told how its work grows (${found.error.kind}): write it more simply`;
  return `${found.complexity.summary}, for example on ${found.attack.pattern}`;
}
