/**
 * Logs a fault that a person must fix, as JSON. Plain code, to keep the logger out of the workflows' bundles.
 *
 * @param facts no personal data: no account, number, address or text.
 */
export function logFault(message: string, facts: Record<string, string>): void {
  process.stderr.write(`${JSON.stringify({ level: 'ERROR', message, ...facts, timestamp: new Date().toISOString() })}\n`);
}
