import { nearestName } from '../../src/platform/nearest-name.ts';
import { quoted } from '../../src/schemas/event/plain-id.ts';
import { csvRecords } from './csv-records.ts';
import { fileLines } from './file-lines.ts';
import { type ImportRow, parseRow, UnreadableFile } from './row.ts';

const CONSENTS = ['service.sms', 'service.email', 'marketing.sms', 'marketing.email'];
/** Columns of the account, in rows with and without a device. */
const ACCOUNT_COLUMNS = ['name', 'country', 'region', 'timeZone'];
/** Columns of the row's device, if it has one, else of the account. */
const CONTACT_COLUMNS = ['phone', 'email', 'language'];
const COLUMNS = [
  'account',
  'device',
  ...ACCOUNT_COLUMNS,
  ...CONTACT_COLUMNS,
  ...CONSENTS.flatMap((consent) => [consent, `${consent}.source`, `${consent}.at`]),
];

const SPOKEN: Record<string, boolean> = { yes: true, true: true, no: false, false: false };

/**
 * Reads rows of a CSV file (RFC 4180, UTF-8, comma-separated) as a stream.
 *
 * @throws UnreadableFile if the header is invalid or the file is not UTF-8.
 */
export async function* csvRows(file: AsyncIterable<Buffer>, now: number): AsyncGenerator<ImportRow> {
  let columns: string[] | undefined;
  for await (const record of csvRecords(fileLines(file))) {
    if ('unreadable' in record) {
      if (!columns) throw new UnreadableFile(`line ${record.line}: ${record.unreadable}`);
      yield { line: record.line, faults: [{ column: 'row', detail: record.unreadable }] };
    } else if (columns) yield csvRow(record.line, columns, { cells: record.cells, now });
    else columns = parseHead(record.cells);
  }
  if (!columns) throw new UnreadableFile('line 1: the file is empty; expected a head that names the columns');
}

/** What other programs use instead of commas. */
const SEPARATORS: [RegExp, string][] = [
  [/;|^sep=/i, '";"'],
  [/\t/, 'a tab'],
  [/\|/, '"|"'],
];

function parseHead(head: string[]): string[] {
  const [first = ''] = head;
  const [, separator] = (head.length === 1 && SEPARATORS.find(([pattern]) => pattern.test(first))) || [];
  if (separator !== undefined)
    throw new UnreadableFile(
      `line 1: cells are separated by ${separator}; expected ",". Save the file with commas (in Excel: "CSV UTF-8")`,
    );
  const named = head.findLastIndex((name) => name !== '') + 1;
  if (named < head.length) {
    const count = head.length - named;
    const remedy = `delete the empty columns, or the "," that end every line`;
    throw new UnreadableFile(`line 1: the last ${count === 1 ? 'column has' : `${count} columns have`} no name; ${remedy}`);
  }
  const unknown = head.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) {
    const meant = nearestName(unknown, COLUMNS);
    throw new UnreadableFile(`line 1: ${quoted(unknown)} is no column; ${meant ? `write "${meant}"` : `there are: ${COLUMNS.join(', ')}`}`);
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
  return parseRow(line, profileIn(filled as Record<string, string>), { columnOf: columnOfField, now });
}

/** The row in the form of a profile; the schema validates it. */
function profileIn(row: Record<string, string>): unknown {
  const contact = pick(row, CONTACT_COLUMNS);
  const consents: Record<string, Record<string, object>> = {};
  for (const consent of CONSENTS) {
    const [messageClass = '', channel = ''] = consent.split('.');
    const given = row[consent];
    const parts = {
      given: given === undefined ? undefined : (SPOKEN[given.toLowerCase()] ?? given),
      source: row[`${consent}.source`],
      at: row[`${consent}.at`],
    };
    if (Object.values(parts).some((part) => part !== undefined)) consents[messageClass] = { ...consents[messageClass], [channel]: parts };
  }
  return {
    account: row.account ?? '',
    ...pick(row, ACCOUNT_COLUMNS),
    ...(row.device === undefined ? contact : { devices: Object.fromEntries([[row.device, contact]]) }),
    ...(Object.keys(consents).length > 0 ? { consents } : {}),
  };
}

function pick(row: Record<string, string>, columns: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
}

/** The column of a field: `devices.<device>.phone` is from `phone`, `consents.marketing.sms.given` from `marketing.sms`. */
function columnOfField([field, ...rest]: PropertyKey[]): string {
  if (field === 'devices') return String(rest[1] ?? 'device');
  return field === 'consents' ? rest.join('.').replace(/\.given$/, '') : String(field ?? 'row');
}
