import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { oneAtATime } from '../../../tooling/packaging/one-at-a-time.ts';
import { temporaryDirectory } from '../../local/temporary-directory.ts';

const module = new URL('../../../tooling/packaging/one-at-a-time.ts', import.meta.url).href;

/** A process that takes the lock and keeps it until it is killed. */
async function startHolder(lockFile: string) {
  const script = `
    import { oneAtATime } from ${JSON.stringify(module)};
    const forGood = () => new Promise(() => { console.log('has it'); setInterval(() => undefined, 1_000); });
    await oneAtATime(${JSON.stringify(lockFile)}, forGood, () => undefined);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('work under the same lock is done one after the other, and who has to wait hears so once', async () => {
  const lockFile = join(temporaryDirectory(), 'not/there/yet/one.lock');
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} begins`);
    await pause(300);
    events.push(`${name} ends`);
    return name;
  };
  const first = oneAtATime(lockFile, work('first'), () => events.push('first waits'));
  await expect.poll(() => events).toEqual(['first begins']);
  const second = oneAtATime(lockFile, work('second'), () => events.push('second waits'));

  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  expect(events).toEqual(['first begins', 'second waits', 'first ends', 'second begins', 'second ends']);
});

test('work that fails gives the lock back', async () => {
  const lockFile = join(temporaryDirectory(), 'one.lock');
  const fails = () => Promise.reject(new Error('as ordered'));
  await expect(oneAtATime(lockFile, fails, () => undefined)).rejects.toThrow('as ordered');
  expect(await oneAtATime(lockFile, async () => 'done', expect.fail)).toBe('done');
});

test('another process holds the lock until it is killed, and no longer', async () => {
  const lockFile = join(temporaryDirectory(), 'one.lock');
  const holder = await startHolder(lockFile);
  let waits = 0;
  const work = oneAtATime(
    lockFile,
    async () => holder.signalCode,
    () => {
      waits += 1;
      holder.kill('SIGKILL');
    },
  );
  expect(await work).toBe('SIGKILL');
  expect(waits).toBe(1);
});
