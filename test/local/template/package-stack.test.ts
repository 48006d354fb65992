import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { projectCopy } from '../project-copy.ts';

/** What a process says that wants the stack of this project, and whether it had to package. */
function packageIn(directory: string): Promise<string> {
  const module = pathToFileURL(join(directory, 'local/template/package-stack.ts')).href;
  const script = `import { packageStack } from ${JSON.stringify(module)}; console.log(await packageStack({ log: console.log }));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return text(child.stdout);
}

/** As long as the packager itself may take. */
const MAX_PACKAGING_MILLISECONDS = 300_000;

test('of two processes that want the stack at once, one packages and the other waits and takes the same', {
  timeout: MAX_PACKAGING_MILLISECONDS,
}, async () => {
  const directory = projectCopy();
  rmSync(join(directory, '.serverless'), { recursive: true });

  const packagers = await Promise.all([packageIn(directory), packageIn(directory)]);

  const packager = expect.stringMatching(/Packaging the stack[\s\S]*true\n$/);
  const other = expect.stringMatching(/^Another process is packaging the stack[\s\S]*false\n$/);
  expect(packagers).toEqual(expect.arrayContaining([packager, other]));
  expect(await packageIn(directory)).toBe('false\n');
});
