import { closest, distance } from 'fastest-levenshtein';

/** Two letters off, or a third of a long word: further than that, a suggestion is a guess. */
const MAX_EDIT_DISTANCE = 2;
const SHARE_OFF = 1 / 3;
/** No name of ours is as long: nothing is looked for that could be meant by a longer one. */
const MAX_WRITTEN = 100;

/** The name that was probably meant by one that does not exist. */
export function nearestName(written: string, names: string[]): string | undefined {
  if (names.length === 0 || written.length > MAX_WRITTEN) return undefined;
  const nearest = closest(written, names);
  return distance(written, nearest) <= Math.max(MAX_EDIT_DISTANCE, written.length * SHARE_OFF) ? nearest : undefined;
}
