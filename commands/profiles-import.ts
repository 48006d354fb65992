import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../src/store/table.ts';
import { localEndpoint, localHint } from './local-endpoint.ts';
import { applyRows } from './profiles/apply.ts';
import { type ImportArguments, ImportUsageError, parseImportArguments, usage } from './profiles/arguments.ts';
import { csvRows } from './profiles/csv-rows.ts';
import { checkEncoding } from './profiles/file-lines.ts';
import { joinRows } from './profiles/groups.ts';
import { ndjsonRows } from './profiles/ndjson-rows.ts';
import { showProgress } from './profiles/progress.ts';
import { createTally, summaryOf } from './profiles/report.ts';
import { UnreadableFile } from './profiles/row.ts';

const exitCodes = { done: 0, badRows: 1, unusable: 2 };

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  try {
    const options = parseImportArguments(argv);
    if (options !== 'help') return await importFile(options);
    console.log(usage);
    return exitCodes.done;
  } catch (error) {
    if (error instanceof UnreadableFile) console.error(`${argv.find((one) => !one.startsWith('-')) ?? 'The file'}, ${error.message}`);
    else if (error instanceof ImportUsageError) console.error(`${error.message}. All options: npm run profiles:import -- --help`);
    else if (isFileFault(error)) console.error(`${error.path ?? 'The file'} cannot be used: ${error.message}.`);
    else throw error;
    return exitCodes.unusable;
  }
}

async function importFile(options: ImportArguments): Promise<number> {
  const startedAt = Date.now();
  const found = await stat(options.file);
  const { size } = found;
  // A pipe can be read only once: its rows are imported up to a byte that is not UTF-8.
  if (found.isFile()) await checkEncoding(createReadStream(options.file));
  const file = createReadStream(options.file);
  const table = createProfilesTable(options.stage);
  const tally = createTally(options.report, (line) => progress.log(line));
  const progress = showProgress(process.stderr, { tally, bytesRead: () => file.bytesRead, bytes: size });
  const rows = options.format === 'csv' ? csvRows(file, startedAt) : ndjsonRows(file, startedAt);
  const failure = await applyRows(joinRows(rows), { ...options, table, now: Date.now }, tally).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  progress.end();
  tally.close();
  table.client.destroy();
  console.log(summaryOf(tally, { isDryRun: options.isDryRun, seconds: (Date.now() - startedAt) / 1_000 }));
  if (failure) return explain(failure.error, options);
  return tally.totals().badRows === 0 ? exitCodes.done : exitCodes.badRows;
}

function explain(error: unknown, { file, stage }: ImportArguments): number {
  if (isFileFault(error) && error.syscall !== 'connect') throw error;
  if (error instanceof UnreadableFile) console.error(`${file}, ${error.message}`);
  else
    console.error(
      `The table totogi-notifications-${stage} cannot be used: ${reason(error)}${hint(stage)} A repeat of the import goes on where it ended.`,
    );
  return exitCodes.unusable;
}

function createProfilesTable(stage: string): Table {
  const client = DynamoDBDocumentClient.from(stage === 'local' ? localClient() : new DynamoDBClient(), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { client, name: `totogi-notifications-${stage}` };
}

function localClient(): DynamoDBClient {
  const endpoint = localEndpoint();
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
}

function hint(stage: string): string {
  return stage === 'local' ? localHint() : '. Is the stage deployed, and are the AWS region and credentials set?';
}

function isFileFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
