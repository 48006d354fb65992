import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { projectDirectory } from '../../commands/package/run-packager.ts';
import { conformanceDirectory } from './install.ts';

/** Where a zip of the packaged stack was unpacked, and its handler as Lambda names it. */
export type UnpackedFunction = { folder: string; handler: string };

/** Unpacks a function as Lambda does: nothing but what is in its zip. */
export async function unpackFunction(name: string): Promise<UnpackedFunction> {
  const zip = fileURLToPath(new URL(`.serverless/${name}.zip`, projectDirectory));
  const functions = join(conformanceDirectory, 'work', 'functions');
  const folder = join(functions, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Above a function in Lambda there is no package.json, so `.js` means CommonJS; above this folder there is the project's.
  await writeFile(join(functions, 'package.json'), '{}');
  for (const [file, content] of Object.entries(unzipSync(await readFile(zip)))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  return { folder, handler: `src/handlers/${name}.handler` };
}

// A file takes the answer, since standard output belongs to the logger.
const runner = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const { handler } = require('./' + process.argv[1]);
  const context = { awsRequestId: 'request-1', functionName: 'packaged', functionVersion: '1', getRemainingTimeInMillis: () => 30000 };
  const answer = (value) => writeFileSync('answer.json', JSON.stringify(value ?? null));
  handler(JSON.parse(readFileSync('event.json', 'utf8')), context).then(answer, (error) => answer({ thrown: String(error) }));
`;

/** Runs a packaged function once in a process of its own, and answers what it returned. */
export async function runPackaged(name: string, event: unknown, environment: Record<string, string>): Promise<unknown> {
  const { folder } = await unpackFunction(name);
  await writeFile(join(folder, 'event.json'), JSON.stringify(event));
  await promisify(execFile)(process.execPath, ['--eval', runner, `src/handlers/${name}.js`], { cwd: folder, env: environment });
  return JSON.parse(await readFile(join(folder, 'answer.json'), 'utf8'));
}
