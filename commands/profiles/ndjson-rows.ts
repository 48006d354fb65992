import { quoted } from '../../src/schemas/event/plain-id.ts';
import { fileLines } from './file-lines.ts';
import { type ImportRow, parseRow } from './row.ts';

/** Streams a file with one JSON object per line: a profile as in the API, plus its `account`. */
export async function* ndjsonRows(file: AsyncIterable<Buffer>, now: number): AsyncGenerator<ImportRow> {
  for await (const { line, text } of fileLines(file)) if (text.trim() !== '') yield ndjsonRow(line, text, now);
}

function ndjsonRow(line: number, text: string, now: number): ImportRow {
  try {
    return parseRow(line, JSON.parse(text), { columnOf: fieldOf, now });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's own message may quote the line.
    return { line, faults: [{ column: 'row', detail: 'expected a JSON object' }] };
  }
}

/** Leaves out the device ID, which is often a phone number. */
function fieldOf(path: PropertyKey[]): string {
  return path.map((key, index) => (index === 1 && path[0] === 'devices' ? '*' : shownKey(String(key)))).join('.') || 'row';
}

function shownKey(key: string): string {
  return /^[\w-]{1,60}$/.test(key) ? key : quoted(key);
}
