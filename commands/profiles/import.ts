import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../src/platform/table.ts';
import { CommandFailure } from '../../tooling/command-line/failures.ts';
import { defineProgram, type Terminal } from '../../tooling/command-line/run-command.ts';
import { createStageClient, tableFailure } from '../stage-table.ts';
import { applyRows } from './apply.ts';
import { type ImportArguments, importArguments, importCommand } from './arguments.ts';
import { csvRows } from './csv-rows.ts';
import { checkEncoding } from './file-lines.ts';
import { joinRows } from './groups.ts';
import { ndjsonRows } from './ndjson-rows.ts';
import { showProgress } from './progress.ts';
import { createTally, summaryOf } from './report.ts';
import { UnreadableFile } from './row.ts';

const exitCodes = { done: 0, badRows: 1, unusable: 2 };

export const profilesImport = defineProgram(importCommand, async (values, terminal) => {
  const options = importArguments(values);
  try {
    return await importFile(options, terminal);
  } catch (error) {
    if (error instanceof UnreadableFile) throw unusable(`${options.file}, ${error.message}`, error);
    if (isFileFault(error)) throw unusable(`${error.path ?? 'The file'} cannot be used: ${error.message}.`, error);
    throw error;
  }
});

function unusable(message: string, cause: unknown): CommandFailure {
  return new CommandFailure(message, { exitCode: exitCodes.unusable, cause });
}

async function importFile(options: ImportArguments, { console, stderr }: Terminal): Promise<number> {
  const startedAt = Date.now();
  const found = await stat(options.file);
  const { size } = found;
  // A pipe can be read only once: its rows are imported up to a byte that is not UTF-8.
  if (found.isFile()) await checkEncoding(createReadStream(options.file));
  const file = createReadStream(options.file);
  const table = createProfilesTable(options.stage);
  const tally = createTally(options.report, (line) => progress.log(line));
  const progress = showProgress(stderr, { tally, bytesRead: () => file.bytesRead, bytes: size });
  const rows = options.format === 'csv' ? csvRows(file, startedAt) : ndjsonRows(file, startedAt);
  const failure = await applyRows(joinRows(rows), { ...options, table, now: Date.now }, tally).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  progress.end();
  tally.close();
  table.client.destroy();
  console.log(summaryOf(tally, { isDryRun: options.isDryRun, seconds: (Date.now() - startedAt) / 1_000 }));
  if (failure) throw explained(failure.error, options);
  return tally.totals().badRows === 0 ? exitCodes.done : exitCodes.badRows;
}

/** A fault of the file stays as it is. */
function explained(error: unknown, { stage }: ImportArguments): unknown {
  if (error instanceof UnreadableFile || (isFileFault(error) && error.syscall !== 'connect')) return error;
  return unusable(`${tableFailure(stage, error)} Import the file again: it resumes where it stopped.`, error);
}

function createProfilesTable(stage: string): Table {
  const client = DynamoDBDocumentClient.from(createStageClient(stage), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { client, name: `totogi-notifications-${stage}` };
}

function isFileFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
