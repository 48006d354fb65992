import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * The forms of all personal data that the tests are seeded with: the builders, the fixtures, the emulator and the tests themselves keep to
 * them, so that one look finds whatever leaked.
 */
const SEEDED: Record<string, RegExp> = {
  'a phone number': /\+?(?<!\d)(?:1\d{3}555\d{4}|34600\d{6}|447700900\d{3}|919876543210)(?!\d)/,
  'an email address': /[\w.+-]+@(?:[\w-]+\.)*example\.(?:com|net|org)/,
  'an account or device id': /\b(?:acc|emulated|sim)-[\w-]+/,
  'a name': /\b(?:Ada|Lovelace|Zephyrine|Quillfeather)\b/,
  'a token': /\beyJ[\w-]{10,}\.|\/[uo]\/[\w-]{22}\b/,
};

/** Each piece of personal data in a text, with what it is. */
export function personalDataIn(text: string): string[] {
  return Object.entries(SEEDED).flatMap(([what, form]) => {
    const found = form.exec(text)?.[0];
    return found === undefined ? [] : [`${what} (${found}) in: ${text.slice(0, 500)}`];
  });
}

/** What a local service wrote down outside its table and its carriers' outbox. */
export type Written = { lines: string[]; names: string[]; results: string[]; inputs: string[] };

/** Reads the log, the names and the step results of a service that has ended, from its folder. */
export function readWritten(stateDirectory: string): Written {
  const log = join(stateDirectory, 'service.log');
  const state = join(stateDirectory, 'state.db');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  return { lines: lines.filter((line) => line !== ''), ...(isDatabase(state) ? readRuns(state) : { names: [], results: [], inputs: [] }) };
}

/** Some tests damage the file on purpose. */
function isDatabase(file: string): boolean {
  return existsSync(file) && readFileSync(file).subarray(0, 15).toString() === 'SQLite format 3';
}

function readRuns(file: string): Omit<Written, 'lines'> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const has = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'durable_executions'").get();
    if (!has) return { names: [], results: [], inputs: [] };
    const executions = db.prepare('SELECT arn, name, input, result, error FROM durable_executions').all();
    const operations = db
      .prepare('SELECT operation FROM durable_operations')
      .all()
      .map(({ operation }) => String(operation));
    return {
      names: executions.map(({ arn, name }) => `${arn} ${name}`),
      // The first operation of a run repeats its input, which is looked at by itself.
      results: [
        ...operations.filter((operation) => !operation.includes('"Type":"EXECUTION"')),
        ...executions.flatMap(({ result, error }) => [result, error].filter((one) => one !== null).map(String)),
      ],
      inputs: executions.map(({ input }) => String(input)),
    };
  } finally {
    db.close();
  }
}

/**
 * What of that names a person. A run's input is ids, its account's among them: the one place where one stands, since a run has to find its
 * records; it is no more than that.
 */
export function leaksIn({ lines, names, results, inputs }: Written): string[] {
  const withoutAccount = inputs.map((input) =>
    input.replace(/^(\{"tenant":"[\w.-]+","account":)"[^"]*"(,"eventId":"\w{26}"\})$/, '$1""$2'),
  );
  return [...lines, ...names, ...results, ...withoutAccount].flatMap(personalDataIn);
}

/** @throws when what a service wrote down names a person; call it when the service has ended. */
export function expectNoLeaks(stateDirectory: string, printed: string[] = []): void {
  const written = readWritten(stateDirectory);
  const leaks = leaksIn({ ...written, lines: [...written.lines, ...printed] });
  if (leaks.length > 0) throw new Error(`Personal data was written down:\n${leaks.slice(0, 5).join('\n')}`);
}
