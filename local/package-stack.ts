import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { StartupFault } from './startup-fault.ts';

export const projectDirectory = new URL('../', import.meta.url);
const packageDirectory = new URL('.serverless/', projectDirectory);
const stampFile = new URL('inputs.json', packageDirectory);

/** The one stage that is packaged without being asked for; names in the template carry it. */
export const packagedStage = 'dev';
export const templateFile = new URL('cloudformation-template-update-stack.json', packageDirectory);

const inputs = {
  template: ['serverless.yml', 'cloudformation', 'package-lock.json'],
  code: ['src', 'package.json', 'tsconfig.json'],
};

const longestPackagingMs = 300_000;
const lastWordsMs = 500;

const Stamp = z.object({ template: z.string(), code: z.string() });

/**
 * Makes sure that `.serverless/` holds the stack as packaged from the present sources, for the stage `dev`.
 * `needs: 'template'` is content with older zips, since the template does not depend on what is inside them;
 * `needs: 'code'` wants the zips fresh too. Contents are compared, not dates: a package that was broken off or was made for another stage has no stamp.
 * Answers whether it had to package. Throws StartupFault with what the packager said.
 */
export async function packageStack({
  log,
  needs = 'code',
}: {
  log: (line: string) => void;
  needs?: 'template' | 'code';
}): Promise<boolean> {
  const wanted = { template: await digest(inputs.template), code: await digest(inputs.code) };
  const found = await readStamp();
  if (found?.template === wanted.template && (needs === 'template' || found.code === wanted.code)) return false;
  log('Packaging the stack (serverless package), which takes some seconds; the next start does without …');
  await runPackager();
  await writeFile(stampFile, JSON.stringify(wanted));
  return true;
}

async function runPackager(): Promise<void> {
  // The running Node, not the one that `#!/usr/bin/env node` would find.
  const packager = fileURLToPath(new URL('node_modules/serverless/bin/serverless.js', projectDirectory));
  const options = {
    cwd: fileURLToPath(projectDirectory),
    env: { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '' },
    timeout: longestPackagingMs,
  };
  const child = spawn(process.execPath, [packager, 'package', '--stage', packagedStage], options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      // osls tells its environment after an error, as the last thing; when the error is esbuild's, it then stays for ever.
      if (/^Environment: /m.test(output)) setTimeout(() => child.kill(), lastWordsMs);
    });
  }
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  const reason = packagerSaid(output) || `it ended with ${code ?? signal}.`;
  throw new StartupFault(`The stack could not be packaged: ${reason} Run \`npm run package\` to see all of it.`);
}

function packagerSaid(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => /^(Error|.*Exception|.*Error):?$|^(✖ )?Error\b/.test(line));
  return lines
    .slice(Math.max(start, 0))
    .filter((line) => line !== '' && !/^Error:?$|^at /.test(line))
    .slice(0, 2)
    .join(' ');
}

async function readStamp(): Promise<z.infer<typeof Stamp> | undefined> {
  const text = await Promise.all([readFile(stampFile, 'utf8'), stat(templateFile)]).then(([stamp]) => stamp, absent);
  return text === undefined ? undefined : Stamp.safeParse(JSON.parse(text)).data;
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
