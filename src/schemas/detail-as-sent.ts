declare global {
  /** ES2026 "JSON.parse source text access", in Node 24 and not yet in TypeScript's library. */
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
    rawJSON(text: string): unknown;
  }
}

/**
 * The detail of an event as JSON text with every digit of its numbers as sent, which plain parsing would round to doubles.
 *
 * @param body an EventBridge event as JSON text, known to hold a detail and to be of bounded depth.
 */
export function detailAsSent(body: string): string {
  const event = JSON.parse(body, (_key, value, context) =>
    typeof value === 'number' && context.source !== undefined && !Number.isSafeInteger(value) ? JSON.rawJSON(context.source) : value,
  );
  return JSON.stringify((event as { detail: unknown }).detail);
}
