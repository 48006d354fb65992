/**
 * Writes a line about something that people have to fix, as JSON like the other lines. The workflows' zips go without a logger's code.
 *
 * @param facts never a person's data: no account, number, address or text.
 */
export function logFault(message: string, facts: Record<string, string>): void {
  process.stderr.write(`${JSON.stringify({ level: 'ERROR', message, ...facts, timestamp: new Date().toISOString() })}\n`);
}
