import type { ReadStream } from 'node:fs';
import { CsvError, type Info, parse } from 'csv-parse';
import { nearestName } from '../../src/schemas/nearest-name.ts';
import { type ImportRow, plainPhone, readRow, UnreadableFile } from './row.ts';

const CONSENTS = ['service.sms', 'service.email', 'marketing.sms', 'marketing.email'];
/** Of the account, in a row with a device and in one without. */
const ACCOUNT_COLUMNS = ['name', 'country', 'region', 'timeZone'];
/** Of the device that the row names, else of the account. */
const CONTACT_COLUMNS = ['phone', 'email', 'language'];
const COLUMNS = [
  'account',
  'device',
  ...ACCOUNT_COLUMNS,
  ...CONTACT_COLUMNS,
  ...CONSENTS.flatMap((consent) => [consent, `${consent}.source`, `${consent}.at`]),
];

/** A quote that is never closed would take the rest of the file for one record. */
const MOST_ROW_BYTES = 64 * 1024;
const SPOKEN: Record<string, boolean> = { yes: true, true: true, no: false, false: false };

/**
 * The rows of a CSV file (RFC 4180, UTF-8, comma-separated), read as they are asked for.
 *
 * @throws UnreadableFile when the head names an unknown column, or where a quote is never closed.
 */
export async function* csvRows(file: ReadStream, now: number): AsyncGenerator<ImportRow> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_ROW_BYTES,
  });
  file.once('error', (error) => parser.destroy(error)).pipe(parser);
  let columns: string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (columns) yield csvRow(info.lines, columns, { cells: record, now });
      else columns = readHead(record);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFile(`line ${error.lines ?? '?'}: ${inWords(error)}`, { cause: error });
  }
  if (!columns) throw new UnreadableFile('line 1: the file is empty; expected a head that names the columns');
}

function readHead(head: string[]): string[] {
  const unknown = head.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) {
    const meant = nearestName(unknown, COLUMNS);
    throw new UnreadableFile(`line 1: "${unknown}" is no column; ${meant ? `write "${meant}"` : `there are: ${COLUMNS.join(', ')}`}`);
  }
  const twice = head.find((name, index) => head.indexOf(name) !== index);
  if (twice !== undefined) throw new UnreadableFile(`line 1: the column "${twice}" stands there twice; remove one`);
  if (!head.includes('account')) throw new UnreadableFile('line 1: the column "account" is missing; add it');
  return head;
}

function csvRow(line: number, columns: string[], { cells, now }: { cells: string[]; now: number }): ImportRow {
  if (cells.length !== columns.length)
    return {
      line,
      faults: [{ column: 'row', detail: `expected ${columns.length} cells, as the head has, but there are ${cells.length}` }],
    };
  const filled = Object.fromEntries(columns.map((column, index) => [column, cells[index]] as const).filter(([, cell]) => cell !== ''));
  return readRow(line, profileIn(filled as Record<string, string>), { columnOf: columnOfField, now });
}

/** The row as a profile would say it; the schema decides whether it holds. */
function profileIn(row: Record<string, string>): unknown {
  const contact = pick(row, CONTACT_COLUMNS);
  if (contact.phone !== undefined) contact.phone = plainPhone(contact.phone);
  const consents: Record<string, Record<string, object>> = {};
  for (const consent of CONSENTS) {
    const [messageClass = '', channel = ''] = consent.split('.');
    const told = row[consent];
    const parts = {
      given: told === undefined ? undefined : (SPOKEN[told.toLowerCase()] ?? told),
      source: row[`${consent}.source`],
      at: row[`${consent}.at`],
    };
    if (Object.values(parts).some((part) => part !== undefined)) consents[messageClass] = { ...consents[messageClass], [channel]: parts };
  }
  return {
    account: row.account ?? '',
    ...pick(row, ACCOUNT_COLUMNS),
    ...(row.device === undefined ? contact : { devices: { [row.device]: contact } }),
    ...(Object.keys(consents).length > 0 ? { consents } : {}),
  };
}

function pick(row: Record<string, string>, columns: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
}

/** The column that a field came from: `devices.<device>.phone` from `phone`, `consents.marketing.sms.given` from `marketing.sms`. */
function columnOfField([field, ...rest]: PropertyKey[]): string {
  if (field === 'devices') return String(rest[1] ?? 'device');
  return field === 'consents' ? rest.join('.').replace(/\.given$/, '') : String(field ?? 'row');
}

function inWords(error: CsvError): string {
  if (error.code === 'CSV_MAX_RECORD_SIZE' || error.code === 'CSV_QUOTE_NOT_CLOSED')
    return 'a quote is opened before here and never closed; the rest of the file cannot be read';
  return 'quotes stand where none may be (write "" for a quote inside quotes); the rest of the file cannot be read';
}
