import { isSurelyExact, losesDigits, MAX_UNSURE_NUMBERS } from '../../platform/exact-number.ts';

/** Counts the steps of our own loops over input, so that a test can prove that they are linear. */
export type Work = { steps: number };

/** What JSON text contains, as far as one pass without parsing can find. Unreliable for text that is not JSON. */
export type JsonScan = {
  levels: number;
  /** Keys of all objects. If the parsed value has fewer, a key was repeated. */
  members: number;
  /** Commas: the parts of all lists and objects after the first. */
  separators: number;
  containers: number;
  /** Numbers that a double may not hold, judged by their length alone. */
  unsureNumbers: number;
  /** Whether a number has more digits than its double. */
  losesDigits: boolean;
  /** The position of the outermost member `detail`; undefined if there is none, or more than one. */
  detail: { start: number; end: number } | undefined;
};

const [QUOTE, BACKSLASH, COLON, COMMA, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x2c, 0x2d, 0x30, 0x39];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const DETAIL = '"detail"';

/** One pass from left to right, much cheaper than parsing. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one loop over every character, and a call for each would double the price.
export function scanJson(text: string, work: Work): JsonScan {
  const scan: JsonScan = { levels: 0, members: 0, separators: 0, containers: 0, unsureNumbers: 0, losesDigits: false, detail: undefined };
  let level = 0;
  let isDetail = false;
  let details = 0;
  let start = -1;
  for (let index = 0; index < text.length; work.steps += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfText(text, index);
      isDetail = level === 1 && end - index === DETAIL.length && text.startsWith(DETAIL, index);
      index = end;
      continue;
    }
    if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, index);
      work.steps += end - index;
      const literal = text.slice(index, end);
      if (!isSurelyExact(literal)) {
        scan.unsureNumbers += 1;
        scan.losesDigits ||= scan.unsureNumbers <= MAX_UNSURE_NUMBERS && losesDigits(literal);
      }
      index = end;
      continue;
    }
    index += 1;
    if (code === COLON) {
      scan.members += 1;
      if (isDetail) start = index;
      if (isDetail) details += 1;
      isDetail = false;
    } else if (code === COMMA) scan.separators += 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      level += 1;
      scan.containers += 1;
      if (level > scan.levels) scan.levels = level;
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      level -= 1;
      if (level === 1 && start >= 0 && scan.detail === undefined) scan.detail = { start, end: index };
    }
  }
  if (details !== 1) scan.detail = undefined;
  return scan;
}

/** The position after the text that starts at `start`. Counting back over backslashes stays linear, since the next quote is after them. */
export function endOfText(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return text.length;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (isOfNumber(text.charCodeAt(end))) end += 1;
  return end;
}

function isOfNumber(code: number): boolean {
  return (code >= ZERO && code <= NINE) || code === 0x2e || code === 0x65 || code === 0x45 || code === MINUS || code === 0x2b;
}
