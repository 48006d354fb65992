import { CsvError, parse } from 'csv-parse/sync';
import type { FileLine } from './file-lines.ts';

/** `line` is where the record ends. */
export type CsvRecord = { line: number; cells: string[] } | { line: number; unreadable: string };

/** An unclosed quote would turn the rest of the file into one record. */
const MAX_RECORD_CHARACTERS = 64 * 1024;
const BLANKS = /^[ \t]+|[ \t]+$/g;
const NEVER_CLOSED = 'a quote is opened here and never closed; close it, or write "" for a quote inside quotes';
const STRAY = 'quotes stand where none may be; write "" for a quote inside quotes';

/**
 * Parses CSV records (RFC 4180). An unreadable line is reported alone, and parsing continues on the next one: its open quote does not
 * affect other rows.
 */
export async function* csvRecords(lines: AsyncIterable<FileLine>): AsyncGenerator<CsvRecord> {
  const open: OpenRecord = { lines: [], characters: 0, isQuoted: false };
  for await (const line of lines) yield* take(open, line);
  while (open.lines.length > 0) yield* giveUp(open);
}

/** The lines of an incomplete record. */
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
  // The lines after an unreadable one may be rows.
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
