import { withoutEnding } from '../platform/without-ending.ts';

const MAX_CHARACTERS = 40;
/** A longer name is never used, so the rest is not examined. */
const MAX_INPUT_CHARACTERS = 400;

/** Letters with their marks, apostrophes and hyphens. No digit, dot or slash: nothing that a phone turns into a link. */
const NAME_WORD = /^'?\p{L}[\p{L}\p{M}'-]*$/u;
/** What a phone may turn into a number to call, in one piece or in groups. */
const LONG_NUMBER = /\p{N}(?:[ _-]*\p{N}){4}/u;
const PLAN_WORDS = /^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u;

/**
 * A subscriber's name for a message: plain words of at most 40 characters in all. It cannot carry markup, a link or a domain on any
 * channel: look-alikes of dots and slashes count as what they look like, and dots after initials are removed.
 *
 * @returns null for no name, or for one that is more than plain words: the message then greets without a name.
 */
export function plainName(name: string | undefined): string | null {
  if (name === undefined) return null;
  const words = normalized(name)
    .split(/\s+/)
    .map((word) => withoutEnding(word, '.,'))
    .filter((word) => word !== '');
  if (!words.every((word) => NAME_WORD.test(word))) return null;
  const shortened = words.reduce((text, word) => (text.length + 1 + word.length <= MAX_CHARACTERS ? `${text} ${word}`.trim() : text), '');
  return shortened === '' ? null : shortened;
}

/** The rule of `plainName`, but with underscores and digits, and without any number that could be called. */
export function plainPlan(plan: unknown): string | null {
  if (typeof plan !== 'string') return null;
  const shortened = normalized(plan).trim();
  return shortened.length <= MAX_CHARACTERS && PLAN_WORDS.test(shortened) && !LONG_NUMBER.test(shortened) ? shortened : null;
}

/** One form for what looks the same (Unicode NFKC: "．" is a dot, "℀" is a/c), without invisible characters. */
function normalized(text: string): string {
  return text
    .slice(0, MAX_INPUT_CHARACTERS)
    .replace(/[’‘ʼ`´]/g, "'")
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '');
}
