import { closest, distance } from 'fastest-levenshtein';

/** Two letters, or a third of a long word: beyond that, a suggestion is a guess. */
const MAX_EDIT_DISTANCE = 2;
const SHARE_OFF = 1 / 3;
/** Longer than any of our names, so there is nothing to suggest. */
const MAX_WRITTEN = 100;

export function nearestName(written: string, names: string[]): string | undefined {
  if (names.length === 0 || written.length > MAX_WRITTEN) return undefined;
  const nearest = closest(written, names);
  return distance(written, nearest) <= Math.max(MAX_EDIT_DISTANCE, written.length * SHARE_OFF) ? nearest : undefined;
}
