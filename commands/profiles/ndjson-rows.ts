import type { ReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ImportRow, plainPhone, readRow } from './row.ts';

/** The rows of a file with one JSON object per line: a profile as the API has it, and its `account`. Read as they are asked for. */
export async function* ndjsonRows(file: ReadStream, now: number): AsyncGenerator<ImportRow> {
  const failure = Promise.withResolvers<never>();
  file.once('error', failure.reject);
  failure.promise.catch(() => undefined);
  const lines = createInterface({ input: file, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (let line = 1; ; line += 1) {
    const next = await Promise.race([lines.next(), failure.promise]);
    if (next.done) return;
    const text = line === 1 ? next.value.replace(/^\uFEFF/, '') : next.value;
    if (text.trim() !== '') yield ndjsonRow(line, text, now);
  }
}

function ndjsonRow(line: number, text: string, now: number): ImportRow {
  try {
    return readRow(line, withPlainPhones(JSON.parse(text)), { columnOf: fieldOf, now });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's own words may quote the line.
    return { line, faults: [{ column: 'row', detail: 'expected a JSON object' }] };
  }
}

function withPlainPhones(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { devices } = value;
  const contacts = isObject(devices) ? Object.entries(devices).map(([device, contact]) => [device, withPlainPhone(contact)]) : undefined;
  return { ...(withPlainPhone(value) as object), ...(contacts ? { devices: Object.fromEntries(contacts) } : {}) };
}

function withPlainPhone(value: unknown): unknown {
  return isObject(value) && typeof value.phone === 'string' ? { ...value, phone: plainPhone(value.phone) } : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field at a path, without the device's id, which often is a phone number. */
function fieldOf(path: PropertyKey[]): string {
  return path.map((key, index) => (index === 1 && path[0] === 'devices' ? '*' : String(key))).join('.') || 'row';
}
