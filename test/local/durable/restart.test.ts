import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ListDurableExecutionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { patience } from '../../builders/patience.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Engine, functionPrefix, startEngine } from './engine.ts';
import { effectsIn } from './run-driver.ts';

const sixtyDays = 60 * 24 * 60 * 60;
let directory: string;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory, 'effects');
});

function spawnEngine(key: string, payload: unknown): ChildProcess {
  const script = fileURLToPath(new URL('./killable-engine.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory, key, 'the-run', JSON.stringify(payload)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function suspended(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the child has no stdout');
  await once(createInterface(child.stdout), 'line');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function restart(): Promise<Engine> {
  const engine = await startEngine(directory);
  onTestFinished(() => engine.close());
  return engine;
}

async function statuses(engine: Engine, key: string): Promise<(string | undefined)[]> {
  const list = new ListDurableExecutionsByFunctionCommand({ FunctionName: `${functionPrefix}-${key}` });
  const { DurableExecutions = [] } = await engine.client.send(list);
  return DurableExecutions.map((execution) => execution.Status);
}

test('a run killed in the middle of a long wait finishes after the restart, and no step is done twice', async () => {
  const child = spawnEngine('long-wait', { file, waitSeconds: sixtyDays });
  await suspended(child);
  await kill(child);
  const engine = await restart();
  expect(await statuses(engine, 'long-wait')).toEqual(['RUNNING']);
  engine.clock.advance(sixtyDays);
  await vi.waitFor(async () => expect(await statuses(engine, 'long-wait')).toEqual(['SUCCEEDED']), patience);
  expect(effectsIn(file)).toEqual(['before', 'after']);
});

test('a wait that ended while nothing ran ends at the restart', async () => {
  const child = spawnEngine('long-wait', { file, waitSeconds: 1 });
  await suspended(child);
  await kill(child);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const engine = await restart();
  await vi.waitFor(async () => expect(await statuses(engine, 'long-wait')).toEqual(['SUCCEEDED']), patience);
  expect(effectsIn(file)).toEqual(['before', 'after']);
});

test('an at-most-once step interrupted by the kill is not repeated: its run learns that the outcome is unknown', async () => {
  const child = spawnEngine('at-most-once', { file, holdMs: 60_000 });
  await vi.waitFor(() => expect(effectsIn(file)).toEqual(['sent']), patience);
  await kill(child);
  const engine = await restart();
  await vi.waitFor(async () => expect(await statuses(engine, 'at-most-once')).toEqual(['SUCCEEDED']), patience);
  expect(engine.state.db.prepare('SELECT result FROM durable_executions').get()?.result).toBe('"unknown"');
  expect(effectsIn(file)).toEqual(['sent']);
});

test('a second process is refused the same state, and a killed one leaves no lock behind', async () => {
  const child = spawnEngine('long-wait', { file, waitSeconds: 60 });
  await suspended(child);
  await expect(startEngine(directory)).rejects.toThrow(`Another process uses the state in ${directory}`);
  await kill(child);
  await restart();
});
