import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const projectDirectory = new URL('../../', import.meta.url);

/** Only one process packages at a time, since each starts by emptying `.serverless/`. The lock is elsewhere for that reason. */
export const packagingLock = fileURLToPath(new URL('node_modules/.cache/totogi-notifications/packaging.lock', projectDirectory));

/** The packager leaves a temporary folder for each function. This one is removed, also after an interrupted run. */
const temporaryFiles = fileURLToPath(new URL('node_modules/.cache/totogi-notifications/packaging/', projectDirectory));

const maxPackagingMs = 300_000;
const lastWordsMs = 500;

/** The message is the packager's own reason. */
export class PackagingFailed extends Error {
  override name = 'PackagingFailed';
}

/**
 * Runs `serverless package` with these options in the project and prints its output as it comes. Throws PackagingFailed with the packager's
 * own reason.
 */
export async function runPackager(options: string[], print: (text: string) => void = () => undefined): Promise<void> {
  await rm(temporaryFiles, { recursive: true, force: true });
  await mkdir(temporaryFiles, { recursive: true });
  try {
    await runToItsEnd(options, print);
  } finally {
    await rm(temporaryFiles, { recursive: true, force: true });
  }
}

async function runToItsEnd(options: string[], print: (text: string) => void): Promise<void> {
  // The running Node, not the one that `#!/usr/bin/env node` would find.
  const packager = fileURLToPath(new URL('node_modules/serverless/bin/serverless.js', projectDirectory));
  const child = spawn(process.execPath, [packager, 'package', ...options], {
    cwd: fileURLToPath(projectDirectory),
    env: { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '', TMPDIR: temporaryFiles },
    timeout: maxPackagingMs,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      print(text);
      // osls prints its environment last, after an error. If the error is esbuild's, osls then never exits.
      if (/^Environment: /m.test(output)) setTimeout(() => child.kill(), lastWordsMs);
    });
  }
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new PackagingFailed(reasonIn(output) || `it ended with ${code ?? signal}.`);
}

function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const start = lines.findIndex((line) => /^(Error|.*Exception|.*Error):?$|^(✖ )?Error\b/.test(line));
  return lines
    .slice(Math.max(start, 0))
    .filter((line) => line !== '' && !/^Error:?$|^at /.test(line))
    .slice(0, 2)
    .join(' ')
    .replace(/^Error: /, '');
}
