import { decimalOf, losesDigits } from '../../platform/exact-number.ts';
import { scanJson } from './json-scan.ts';

declare global {
  /** ES2026 "JSON.parse source text access", in Node 24 and not yet in TypeScript's library. */
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): unknown;
  }
}

/**
 * The detail of an event as the text it came in, with every digit of its numbers, which JSON.parse would round to doubles.
 *
 * @param body an EventBridge event as JSON text that has a detail and bounded depth.
 */
export function detailAsSent(body: string): string {
  const { detail } = scanJson(body, { steps: 0 });
  if (detail) return body.slice(detail.start, detail.end).trim();
  const event = JSON.parse(body, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && losesDigits(source) ? JSON.rawJSON(source) : value,
  );
  return JSON.stringify((event as { detail: unknown }).detail);
}

/** Parses JSON, and replaces each number that a double cannot hold with a marker text, the same for all its spellings. */
export function parseMarked(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && losesDigits(source) ? markOf(source) : value,
  );
}

/** Stands in an event's ID for a number that a double cannot hold. */
export function markOf(number: string): string {
  return `=${decimalOf(number)}`;
}
