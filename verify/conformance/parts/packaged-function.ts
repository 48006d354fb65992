import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { projectDirectory } from '../../../tooling/packaging/run-packager.ts';
import { conformanceDirectory } from './install.ts';

/** `handler` is in Lambda's form. */
export type UnpackedFunction = { folder: string; handler: string };

/** Unpacks a function as Lambda does: only the content of its zip. */
export async function unpackFunction(name: string): Promise<UnpackedFunction> {
  const zip = fileURLToPath(new URL(`.serverless/${name}.zip`, projectDirectory));
  const functions = join(conformanceDirectory, 'work', 'functions');
  const folder = join(functions, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // In Lambda there is no package.json above a function, so `.js` means CommonJS. Above this folder there is the project's.
  await writeFile(join(functions, 'package.json'), '{}');
  const files = unzipSync(await readFile(zip));
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  // Its one file: test/cloudformation/zips.test.ts.
  return { folder, handler: Object.keys(files).join().replace(/js$/, 'handler') };
}

// The answer goes to a file, since standard output belongs to the logger.
const runner = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const { handler } = require('./' + process.argv[1]);
  const context = { awsRequestId: 'request-1', functionName: 'packaged', functionVersion: '1', getRemainingTimeInMillis: () => 30000 };
  const answer = (value) => writeFileSync('answer.json', JSON.stringify(value ?? null));
  handler(JSON.parse(readFileSync('event.json', 'utf8')), context).then(answer, (error) => answer({ thrown: String(error) }));
`;

/** Runs a packaged function once in its own process, and returns its result. */
export async function runPackaged(name: string, event: unknown, environment: Record<string, string>): Promise<unknown> {
  const { folder, handler } = await unpackFunction(name);
  await writeFile(join(folder, 'event.json'), JSON.stringify(event));
  await promisify(execFile)(process.execPath, ['--eval', runner, handler.replace(/handler$/, 'js')], { cwd: folder, env: environment });
  return JSON.parse(await readFile(join(folder, 'answer.json'), 'utf8'));
}
