import { createHash } from 'node:crypto';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { oneAtATime } from '../../tooling/packaging/one-at-a-time.ts';
import { PackagingFailed, packagingLock, projectDirectory, runPackager } from '../../tooling/packaging/run-packager.ts';
import { StartupFault } from '../startup-fault.ts';

const packageDirectory = new URL('.serverless/', projectDirectory);
const stampFile = new URL('inputs.json', packageDirectory);

/** The default stage of a package. Names in the template contain it. */
export const packagedStage = 'dev';
export const templateFile = new URL('cloudformation-template-update-stack.json', packageDirectory);

const inputs = {
  template: ['serverless.yml', 'cloudformation', 'package-lock.json'],
  code: ['src', 'package.json', 'tsconfig.json'],
};

const Stamp = z.object({ template: z.string(), code: z.string() });

type Needs = 'template' | 'code';

/**
 * Packages the stack for the stage `dev` into `.serverless/`, unless the package there is fresh.
 *
 * `needs: 'template'` accepts older zips, because the template does not depend on them; `needs: 'code'` does not. Freshness compares
 * contents, not dates: an interrupted package, or one for another stage, has no stamp.
 *
 * @returns whether it packaged. A second process waits for the first.
 * @throws StartupFault with the packager's message.
 */
export async function packageStack({ log, needs = 'code' }: { log: (line: string) => void; needs?: Needs }): Promise<boolean> {
  if (await isFresh(await digests(), needs)) return false;
  const waiting = () => log('Another process is packaging the stack; waiting for it …');
  return oneAtATime(packagingLock, () => packageUnlessFresh(log, needs), waiting);
}

/** Checks again, because the previous holder of the lock may have packaged the same sources. */
async function packageUnlessFresh(log: (line: string) => void, needs: Needs): Promise<boolean> {
  const wanted = await digests();
  if (await isFresh(wanted, needs)) return false;
  log('Packaging the stack (serverless package), which takes some seconds; the next start does without …');
  await runPackager(['--stage', packagedStage]).catch((error) => {
    if (!(error instanceof PackagingFailed)) throw error;
    throw new StartupFault(`The stack could not be packaged: ${error.message} Run \`npm run package\` to see all of it.`, { cause: error });
  });
  await writeStamp(wanted);
  return true;
}

async function isFresh(wanted: z.infer<typeof Stamp>, needs: Needs): Promise<boolean> {
  const found = await readStamp();
  return found?.template === wanted.template && (needs === 'template' || found.code === wanted.code);
}

async function digests(): Promise<z.infer<typeof Stamp>> {
  return { template: await digest(inputs.template), code: await digest(inputs.code) };
}

async function readStamp(): Promise<z.infer<typeof Stamp> | undefined> {
  const text = await Promise.all([readFile(stampFile, 'utf8'), stat(templateFile)]).then(([stamp]) => stamp, absent);
  return text === undefined ? undefined : Stamp.safeParse(JSON.parse(text)).data;
}

/** Atomic, because another process may read at any time. */
async function writeStamp(stamp: z.infer<typeof Stamp>): Promise<void> {
  const unfinished = new URL('inputs.json.part', packageDirectory);
  await writeFile(unfinished, JSON.stringify(stamp));
  await rename(unfinished, stampFile);
}

async function digest(paths: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths)
    for (const file of await filesUnder(path)) hash.update(`${file}\0`).update(await readFile(new URL(file, projectDirectory)));
  return hash.digest('hex');
}

async function filesUnder(path: string): Promise<string[]> {
  const found = await stat(new URL(path, projectDirectory)).catch(absent);
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(new URL(path, projectDirectory), { recursive: true, withFileTypes: true });
  const root = fileURLToPath(projectDirectory);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length))
    .sort();
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
