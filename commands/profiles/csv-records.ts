import { CsvError, parse } from 'csv-parse/sync';
import type { FileLine } from './file-lines.ts';

/** The cells of a record and the line where it ends, or what keeps a line from being read. */
export type CsvRecord = { line: number; cells: string[] } | { line: number; unreadable: string };

/** A quote that is never closed would take the rest of the file for one record. */
const MAX_RECORD_CHARACTERS = 64 * 1024;
const BLANKS = /^[ \t]+|[ \t]+$/g;
const NEVER_CLOSED = 'a quote is opened here and never closed; close it, or write "" for a quote inside quotes';
const STRAY = 'quotes stand where none may be; write "" for a quote inside quotes';

/**
 * The records of a CSV file (RFC 4180). A line that cannot be read is reported alone, and reading goes on at the one after it: the quote
 * that is open there belongs to no other row.
 */
export async function* csvRecords(lines: AsyncIterable<FileLine>): AsyncGenerator<CsvRecord> {
  const open: OpenRecord = { lines: [], characters: 0, isQuoted: false };
  for await (const line of lines) yield* take(open, line);
  while (open.lines.length > 0) yield* giveUp(open);
}

/** The lines of a record that is not complete. */
type OpenRecord = { lines: FileLine[]; characters: number; isQuoted: boolean };

function* take(open: OpenRecord, line: FileLine): Generator<CsvRecord> {
  open.lines.push(line);
  open.characters += line.text.length;
  for (let at = line.text.indexOf('"'); at >= 0; at = line.text.indexOf('"', at + 1)) open.isQuoted = !open.isQuoted;
  if (open.isQuoted) {
    if (open.characters > MAX_RECORD_CHARACTERS) yield* giveUp(open);
    return;
  }
  const lines = restart(open);
  const record = parseRecord(lines);
  if (record) yield record;
  // What follows a line that cannot be read may be rows of its own.
  if (record && 'unreadable' in record) for (const next of lines.slice(1)) yield* take(open, next);
}

function* giveUp(open: OpenRecord): Generator<CsvRecord> {
  const [first, ...others] = restart(open);
  if (first) yield { line: first.line, unreadable: NEVER_CLOSED };
  for (const line of others) yield* take(open, line);
}

function restart(open: OpenRecord): FileLine[] {
  const { lines } = open;
  Object.assign(open, { lines: [], characters: 0, isQuoted: false });
  return lines;
}

function parseRecord(lines: FileLine[]): CsvRecord | undefined {
  const text = lines.map((line) => line.text).join('\n');
  const line = lines.at(-1)?.line ?? 0;
  if (text.trim() === '') return undefined;
  if (!text.includes('"')) return { line, cells: text.split(',').map((cell) => cell.replaceAll(BLANKS, '')) };
  try {
    const [cells = []] = parse(text, { trim: true, relax_column_count: true }) as string[][];
    return { line, cells };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: lines[0]?.line ?? line, unreadable: STRAY };
  }
}
