import { extname } from 'node:path';
import { defineCommand, type Values } from '../../tooling/command-line/command.ts';
import { UsageError } from '../../tooling/command-line/failures.ts';
import { argument, flag, value } from '../../tooling/command-line/options.ts';
import { stageName } from '../../tooling/command-line/stage.ts';
import { anyText, matching, oneOf } from '../../tooling/command-line/value-forms.ts';
import { LOCAL_STAGE } from '../local-endpoint.ts';

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

const FORMATS: Record<string, ImportFormat> = { '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson' };
const LOCAL_TENANT = 'mvno-aurora';

export const importCommand = defineCommand({
  name: 'npm run profiles:import',
  about:
    "Imports contacts and consents from a file into the profiles of a tenant's accounts. Empty fields change nothing, the latest consent wins, and importing the same file again changes nothing. docs/profiles.md describes the columns.",
  options: {
    file: argument({ ...anyText, accepts: 'a .csv or .ndjson file' }, { placeholder: 'FILE', about: 'A .csv, .ndjson or .jsonl file' }),
    stage: value(stageName, {
      placeholder: 'STAGE',
      about: 'Deployed stage, or "local" for the service that npm start runs',
      required: true,
    }),
    tenant: value(matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, ".", "_" or "-"'), {
      placeholder: 'ID',
      about: 'Tenant of the accounts',
      defaultText: `${LOCAL_TENANT} for the stage local, else required`,
    }),
    dryRun: flag('Check every row and report what would change, but write nothing'),
    format: value(oneOf(['csv', 'ndjson']), { placeholder: 'FORMAT', about: 'Format of the file', defaultText: 'by its extension' }),
    report: value(anyText, { placeholder: 'FILE', about: 'Write every bad row to this file, with its line, column and fault' }),
  },
  notes: ['Bad rows are skipped and reported; all other rows are imported. AWS Region and credentials come from the environment.'],
  examples: [
    'npm run profiles:import -- subscribers.csv --stage local --dry-run',
    'npm run profiles:import -- subscribers.ndjson --stage prod --tenant mvno-aurora --report bad-rows.jsonl',
  ],
  exitCodes: { 0: 'all rows were imported', 1: 'some rows were bad', 2: 'wrong options, or the file or the table cannot be used' },
});

/** @throws UsageError */
export function importArguments({ file, stage, dryRun, report, ...named }: Values<typeof importCommand.options>): ImportArguments {
  const tenant = named.tenant ?? (stage === LOCAL_STAGE ? LOCAL_TENANT : undefined);
  if (tenant === undefined) throw new UsageError('--tenant is missing. It takes the ID of the tenant of the accounts');
  const format = named.format ?? FORMATS[extname(file).toLowerCase()];
  if (format === undefined) throw new UsageError(`The extension of "${file}" names no format: add --format csv or --format ndjson`);
  return { file, stage, tenant, isDryRun: dryRun, format, report };
}
