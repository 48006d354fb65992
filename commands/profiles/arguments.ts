import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { stageFault } from '../../tooling/command-line/stage.ts';

export type ImportFormat = 'csv' | 'ndjson';

export type ImportArguments = {
  file: string;
  stage: string;
  tenant: string;
  isDryRun: boolean;
  format: ImportFormat;
  /** Receives every bad row; without it, the first ones go to stderr. */
  report: string | undefined;
};

export const usage = `npm run profiles:import -- FILE --stage S [options]

Takes contacts and consents from a file into the profiles of a tenant's accounts. What a row leaves empty stays as it is, consents are
merged (the later one stands), and a repeat of the same file changes nothing. docs/profiles.md describes the columns.

  --stage S      the stage as deployed; "local" is the service that npm start runs
  --tenant T     whose accounts                                       default for the stage local: mvno-aurora
  --dry-run      check every row and say what would change; write nothing
  --format F     csv or ndjson                                        default by the file's name: .csv, .ndjson, .jsonl
  --report FILE  write every bad row there: line, column, and what it may be
  --help         this text

Bad rows are left out and reported; all others are taken. The AWS region and credentials come from the environment.
Exit codes: 0 every row was taken, 1 some were bad, 2 wrong options, or the file or the table cannot be used.`;

/** The message names the option and its allowed values. */
export class ImportUsageError extends Error {
  override readonly name = 'ImportUsageError';
}

const FORMATS: Record<string, ImportFormat> = { '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson' };
const TENANT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws ImportUsageError. */
export function parseImportArguments(argv: string[]): ImportArguments | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  const [file, ...others] = positionals;
  if (file === undefined) throw new ImportUsageError('FILE is missing: name a .csv or .ndjson file');
  if (others.length > 0) throw new ImportUsageError(`One FILE at a time, not also "${others[0]}"`);
  if (values.stage === undefined) throw new ImportUsageError('--stage is missing: name the stage, for example --stage local');
  const fault = stageFault(values.stage);
  if (fault !== undefined) throw new ImportUsageError(fault);
  const tenant = values.tenant ?? (values.stage === 'local' ? 'mvno-aurora' : undefined);
  if (tenant === undefined) throw new ImportUsageError('--tenant is missing: name the tenant whose accounts the file holds');
  if (!TENANT.test(tenant)) throw new ImportUsageError(`--tenant takes 1 to 64 letters, digits, ".", "_" or "-", not "${tenant}"`);
  const format = formatOf(file, values.format);
  return { file, stage: values.stage, tenant, isDryRun: values['dry-run'], format, report: values.report };
}

function formatOf(file: string, named: string | undefined): ImportFormat {
  const format = named === undefined ? FORMATS[extname(file).toLowerCase()] : FORMATS[`.${named}`];
  if (format !== undefined) return format;
  throw new ImportUsageError(
    named === undefined
      ? `"${file}" does not say what it is: add --format csv or --format ndjson`
      : `--format takes csv or ndjson, not "${named}"`,
  );
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        stage: { type: 'string' },
        tenant: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        format: { type: 'string' },
        report: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ImportUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
