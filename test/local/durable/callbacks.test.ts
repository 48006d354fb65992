import { join } from 'node:path';
import {
  CallbackTimeoutException,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { patience } from '../../builders/patience.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Engine, startEngine } from './engine.ts';
import { driveRuns, effectsIn, type RunDriver } from './run-driver.ts';

const days = 24 * 60 * 60;
let engine: Engine;
let runs: RunDriver;
let file: string;

beforeEach(async () => {
  const directory = temporaryDirectory();
  file = join(directory, 'effects');
  engine = await startEngine(directory);
  onTestFinished(() => engine.close());
  runs = driveRuns(engine);
});

async function callbackId(): Promise<string> {
  await vi.waitFor(() => expect(effectsIn(file)[0]).toBeTruthy(), patience);
  return effectsIn(file)[0] ?? '';
}

test('success of a callback carries its result into the run', async () => {
  const arn = await runs.begin('callback', { file });
  const CallbackId = await callbackId();
  await runs.suspended(arn);
  await engine.client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result: 'yes' }));
  expect(await runs.ending(arn)).toBe('SUCCEEDED "answered yes"');
  const again = new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result: 'no' });
  await expect(engine.client.send(again)).rejects.toThrow(CallbackTimeoutException);
});

test('failure of a callback carries its error into the run', async () => {
  const arn = await runs.begin('callback', { file });
  const CallbackId = await callbackId();
  await engine.client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId, Error: { ErrorMessage: 'no stock' } }));
  expect(await runs.ending(arn)).toBe('SUCCEEDED "refused no stock"');
});

test('a callback without an answer times out', async () => {
  const arn = await runs.begin('callback', { file });
  await callbackId();
  await runs.suspended(arn);
  engine.clock.advance(1 * days);
  expect(await runs.ending(arn)).toBe('SUCCEEDED "timed out"');
});

test('heartbeats keep a callback open, their absence times it out', async () => {
  const arn = await runs.begin('callback', { file, heartbeat: true });
  const CallbackId = await callbackId();
  await runs.suspended(arn);
  for (let hour = 0; hour < 3; hour += 1) {
    engine.clock.advance(50 * 60);
    await engine.client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId }));
  }
  expect((await runs.look(arn)).Status).toBe('RUNNING');
  engine.clock.advance(61 * 60);
  expect(await runs.ending(arn)).toBe('SUCCEEDED "timed out"');
});
