import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { projectDirectory } from '../../../tooling/packaging/run-packager.ts';
import { openTemporaryFolder } from '../../shared/leave-nothing.ts';
import { conformanceDirectory } from './install.ts';
import { runProgram } from './run-program.ts';
import { countTests, type TestCount } from './test-report.ts';

const MAX_OUTPUT_LENGTH = 2_000;

/** Runs the project's tests with vitest in their own environment. `words` are arguments; `name` names the report. */
export async function runTests(name: string, words: string[], environment: Record<string, string>): Promise<TestCount> {
  const report = join(conformanceDirectory, 'work', `${name}.json`);
  await mkdir(dirname(report), { recursive: true });
  await rm(report, { force: true });
  // Interrupted tests leave temporary files behind.
  const folder = await openTemporaryFolder();
  const { code, errors } = await runProgram({
    command: process.execPath,
    arguments: [
      fileURLToPath(new URL('node_modules/vitest/vitest.mjs', projectDirectory)),
      'run',
      ...words,
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    environment: { ...environment, TMPDIR: folder.path },
  });
  folder.remove();
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`vitest left no report: ${errors}`);
  const counted = countTests(text);
  if (code === 0 || counted.faults.length > 0) return counted;
  // The report lacks errors that no test caught: only the text output has them.
  const errorText = stripVTControlCharacters(errors).slice(-MAX_OUTPUT_LENGTH);
  return { ...counted, failed: 1, faults: [`vitest ended with ${code}, and no test failed: ${errorText}`] };
}
