import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { projectCopy } from '../local/project-copy.ts';

const packagingTimeout = 120_000;

async function packageIn(directory: string, ...options: string[]) {
  const child = spawn(process.execPath, [join(directory, 'commands/package.ts'), ...options], { cwd: directory });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [[code], out, errors] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code, out, errors };
}

test('a handler that does not build is named, and the command ends', { timeout: packagingTimeout }, async () => {
  const directory = projectCopy();
  writeFileSync(join(directory, 'src/handlers/lookup-api.ts'), 'export const handler = (');
  expect(await packageIn(directory)).toMatchObject({
    code: 1,
    out: expect.stringContaining('Packaging totogi-notifications for stage dev'),
    errors: expect.stringMatching(/The stack could not be packaged: .*src\/handlers\/lookup-api\.ts:1:24/),
  });
});

test('options reach the packager, which packages the stage that is asked for', { timeout: packagingTimeout }, async () => {
  const directory = projectCopy();
  const packaged = await packageIn(directory, '--stage', 'prod', '--package', 'elsewhere');
  expect(packaged).toMatchObject({ code: 0, out: expect.stringContaining('for stage prod') });
  expect(existsSync(join(directory, 'elsewhere/cloudformation-template-update-stack.json'))).toBe(true);
});

test.for(['dev-x', 'thirteenchars'])('no stage has the name "%s"', { timeout: packagingTimeout }, async (stage) => {
  const directory = projectCopy();
  const refused = await packageIn(directory, '--stage', stage);
  expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('1 to 12 lower-case letters and digits') });
});

test('--help tells what it does, and does nothing', async () => {
  const directory = projectCopy();
  expect(await packageIn(directory, '--help')).toMatchObject({
    code: 0,
    errors: '',
    out: expect.stringMatching(/^Usage: npm run package/),
  });
});
