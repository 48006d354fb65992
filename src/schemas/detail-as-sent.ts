import { decimalOf, losesDigits } from './exact-number.ts';
import { scanJson } from './json-scan.ts';

declare global {
  /** ES2026 "JSON.parse source text access", in Node 24 and not yet in TypeScript's library. */
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): unknown;
  }
}

/**
 * The detail of an event as the text it came in, every digit of its numbers included, which plain parsing would round to doubles.
 *
 * @param body an EventBridge event as JSON text, known to hold a detail and to be of bounded depth.
 */
export function detailAsSent(body: string): string {
  const { detail } = scanJson(body, { steps: 0 });
  if (detail) return body.slice(detail.start, detail.end).trim();
  // Somebody wrote the key with escapes.
  const event = JSON.parse(body, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && losesDigits(source) ? JSON.rawJSON(source) : value,
  );
  return JSON.stringify((event as { detail: unknown }).detail);
}

/** Parses JSON with text that is no number in the place of each number that a double does not hold, the same for every spelling of one. */
export function parseMarked(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && losesDigits(source) ? markOf(source) : value,
  );
}

/** What stands for a number in the id of an event, where a double does not hold it. */
export function markOf(number: string): string {
  return `=${decimalOf(number)}`;
}
