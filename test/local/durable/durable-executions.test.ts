import { join } from 'node:path';
import {
  DurableExecutionAlreadyStartedException,
  InvalidParameterValueException,
  InvokeCommand,
  ListDurableExecutionsByFunctionCommand,
  ResourceNotFoundException,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { patience } from '../../builders/patience.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { accountId, type Engine, functionPrefix, region, startEngine } from './engine.ts';
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

describe('starting a run', () => {
  test('a name is a run of its own, and its ARN says function, version and name', async () => {
    const arn = await runs.begin('long-wait', { file, waitSeconds: 60 }, 'local-long-wait-1');
    const prefix = `arn:aws:lambda:${region}:${accountId}:function:${functionPrefix}-long-wait:1/durable-execution/local-long-wait-1/`;
    expect(arn.startsWith(prefix)).toBe(true);
  });

  test('the same name twice with the same payload is one run', async () => {
    const first = await runs.begin('long-wait', { file, waitSeconds: 60 }, 'twice');
    await runs.suspended(first);
    expect(await runs.begin('long-wait', { file, waitSeconds: 60 }, 'twice')).toBe(first);
    engine.clock.advance(61);
    expect(await runs.ending(first)).toMatch(/^SUCCEEDED /);
    expect(await runs.begin('long-wait', { file, waitSeconds: 60 }, 'twice')).toBe(first);
    expect(effectsIn(file)).toEqual(['before', 'after']);
  });

  test('the same name with another payload is refused', async () => {
    await runs.begin('long-wait', { file, waitSeconds: 60 }, 'other');
    await expect(runs.begin('long-wait', { file, waitSeconds: 61 }, 'other')).rejects.toThrow(DurableExecutionAlreadyStartedException);
  });

  test('a name is free again when the history of its run has ended', async () => {
    const first = await runs.begin('long-wait', { file, waitSeconds: 60 }, 'again');
    await runs.suspended(first);
    engine.clock.advance(61);
    await runs.ending(first);
    engine.clock.advance(13 * days);
    expect(await runs.begin('long-wait', { file, waitSeconds: 60 }, 'again')).toBe(first);
    engine.clock.advance(2 * days);
    await vi.waitFor(async () => expect(runs.look(first)).rejects.toThrow(ResourceNotFoundException), patience);
    expect(await runs.begin('long-wait', { file, waitSeconds: 60 }, 'again')).not.toBe(first);
  });

  test.each([
    { FunctionName: `${functionPrefix}-long-wait`, fault: InvalidParameterValueException },
    { FunctionName: `${functionPrefix}-long-wait:other`, fault: ResourceNotFoundException },
    { FunctionName: `${functionPrefix}-unknown:durable`, fault: ResourceNotFoundException },
    { FunctionName: 'long-wait:durable', fault: ResourceNotFoundException },
  ])('$FunctionName is refused as by Lambda', async ({ FunctionName, fault }) => {
    const command = new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{}' });
    await expect(engine.client.send(command)).rejects.toThrow(fault);
  });

  test.each([
    `${functionPrefix}-callback:durable`,
    `${functionPrefix}-callback:1`,
    `${accountId}:function:${functionPrefix}-callback:durable`,
    `arn:aws:lambda:${region}:${accountId}:function:${functionPrefix}-callback:durable`,
  ])('a function is found as %s', async (FunctionName) => {
    const command = new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify({ file }) });
    expect((await engine.client.send(command)).StatusCode).toBe(202);
  });

  test('a short run can be waited for, a long one cannot', async () => {
    const FunctionName = `${functionPrefix}-retrying:durable`;
    const reply = await engine.client.send(new InvokeCommand({ FunctionName, Payload: '{"succeedsAtAttempt":1}' }));
    expect(reply.Payload?.transformToString()).toBe('1');
    const long = new InvokeCommand({ FunctionName: `${functionPrefix}-callback:durable`, Payload: '{}' });
    await expect(engine.client.send(long)).rejects.toThrow('executionTimeout greater than 15 minutes');
  });

  test('a plain function answers its reply or its error', async () => {
    const invoke = (order: unknown) =>
      engine.client.send(new InvokeCommand({ FunctionName: `${functionPrefix}-plain`, Payload: JSON.stringify(order) }));
    const reply = await invoke({ do: 'sleep' });
    expect([reply.StatusCode, reply.FunctionError, reply.Payload?.transformToString()]).toEqual([200, undefined, '"slept"']);
    const failed = await invoke({ do: 'throw' });
    expect([failed.StatusCode, failed.FunctionError]).toEqual([200, 'Unhandled']);
    expect(JSON.parse(failed.Payload?.transformToString() ?? '')).toEqual({ errorType: 'TypeError', errorMessage: 'as ordered' });
  });
});

describe('a run and the clock', () => {
  test('advancing the clock ends a wait of 60 days', async () => {
    const arn = await runs.begin('long-wait', { file, waitSeconds: 60 * days });
    await runs.suspended(arn);
    engine.clock.advance(59 * days);
    await runs.suspended(arn);
    expect((await runs.look(arn)).Status).toBe('RUNNING');
    engine.clock.advance(1 * days);
    const ending = await runs.ending(arn);
    const { waitedSeconds } = JSON.parse(ending.replace('SUCCEEDED ', '')) as { waitedSeconds: number };
    // What the test itself takes comes on top, and on a busy machine that is more than no second.
    expect(waitedSeconds - 60 * days).toBeGreaterThanOrEqual(0);
    expect(waitedSeconds).toBeLessThan(60.01 * days);
    expect(effectsIn(file)).toEqual(['before', 'after']);
  });

  test('a step that fails is tried again after its delay, until it succeeds', async () => {
    const arn = await runs.begin('retrying', { succeedsAtAttempt: 3 });
    for (let attempt = 1; attempt < 3; attempt += 1) {
      await runs.suspended(arn);
      engine.clock.advance(61);
      await vi.waitFor(
        () => expect(engine.state.db.prepare('SELECT 1 FROM durable_operations WHERE due_at < ?').get(engine.clock.now())).toBeUndefined(),
        patience,
      );
    }
    expect(await runs.ending(arn)).toBe('SUCCEEDED 3');
  });

  test('a run past its execution timeout has timed out', async () => {
    const arn = await runs.begin('callback', { file });
    await runs.suspended(arn);
    engine.state.db.exec('UPDATE durable_operations SET due_at = NULL');
    engine.clock.advance(61 * days);
    expect(await runs.ending(arn)).toBe('TIMED_OUT Execution.Timeout');
  });

  test('a wait beside a step ends the run when both are done', async () => {
    const arn = await runs.begin('counting', { steps: 20 });
    expect(await runs.ending(arn)).toBe('SUCCEEDED 21');
  });
});

test('a run of more operations than one event holds reads the rest by page', async () => {
  const arn = await runs.begin('counting', { steps: 1_100 });
  expect(await runs.ending(arn)).toBe('SUCCEEDED 1101');
});

describe('runs that fail', () => {
  test('a lost thread is tried again, and the run goes on', async () => {
    const arn = await runs.begin('crashing', { file, crashes: 2 });
    for (let crash = 1; crash <= 2; crash += 1) {
      await vi.waitFor(() => expect(effectsIn(file)[0]?.length).toBe(crash), patience);
      await vi.waitFor(
        () => expect(engine.state.db.prepare('SELECT failed_invocations AS n FROM durable_executions').get()?.n).toBe(crash),
        patience,
      );
      engine.clock.advance(300);
    }
    expect(await runs.ending(arn)).toBe('SUCCEEDED "survived"');
  });

  test('after the last try the run has failed and stays on record', async () => {
    const arn = await runs.begin('crashing', { file, crashes: 1_000 }, 'hopeless');
    const failures = engine.state.db.prepare('SELECT failed_invocations AS n FROM durable_executions');
    for (let crash = 1; crash < 8; crash += 1) {
      await vi.waitFor(() => expect(failures.get()?.n).toBe(crash), patience);
      engine.clock.advance(300);
    }
    expect(await runs.ending(arn)).toBe('FAILED Runtime.ExitError');
    const list = new ListDurableExecutionsByFunctionCommand({ FunctionName: `${functionPrefix}-crashing`, Statuses: ['FAILED'] });
    const listed = await engine.client.send(list);
    expect(listed.DurableExecutions?.map((execution) => execution.DurableExecutionName)).toEqual(['hopeless']);
  });

  test('a stopped run stays stopped', async () => {
    const arn = await runs.begin('long-wait', { file, waitSeconds: 60 });
    await runs.suspended(arn);
    await engine.client.send(new StopDurableExecutionCommand({ DurableExecutionArn: arn, Error: { ErrorType: 'Operator' } }));
    engine.clock.advance(61);
    expect(await runs.ending(arn)).toBe('STOPPED Operator');
    expect(effectsIn(file)).toEqual(['before']);
  });
});

test('runs are listed by page, the newest first', async () => {
  for (const name of ['a', 'b', 'c']) await runs.begin('long-wait', { file, waitSeconds: 60 }, name);
  const FunctionName = `${functionPrefix}-long-wait`;
  const first = await engine.client.send(new ListDurableExecutionsByFunctionCommand({ FunctionName, MaxItems: 2 }));
  const second = await engine.client.send(new ListDurableExecutionsByFunctionCommand({ FunctionName, Marker: first.NextMarker }));
  const names = [first, second].map((page) => page.DurableExecutions?.map((execution) => execution.DurableExecutionName));
  expect(names).toEqual([['c', 'b'], ['a']]);
});

test.each([
  ['a name that is not percent-encoded', 'GET', '/2025-12-01/functions/%zz/durable-executions', '', 'InvalidParameterValueException'],
  ['a checkpoint that is no JSON', 'POST', '/2025-12-01/durable-executions/any/checkpoint', '{', 'InvalidRequestContentException'],
  [
    'a checkpoint that is none',
    'POST',
    '/2025-12-01/durable-executions/any/checkpoint',
    '{"Updates":[7]}',
    'InvalidParameterValueException',
  ],
  ['a checkpoint that is no object', 'POST', '/2025-12-01/durable-executions/any/checkpoint', 'null', 'InvalidRequestContentException'],
  ['a stop that is no JSON', 'POST', '/2025-12-01/durable-executions/any/stop', '[', 'InvalidRequestContentException'],
  ['a callback that is no JSON', 'POST', '/2025-12-01/durable-execution-callbacks/any/fail', '[1]', 'InvalidRequestContentException'],
])('%s is refused in the words of Lambda', async (_what, method, path, body, type) => {
  const reply = await engine.durable.handle({ method, path, query: new URLSearchParams(), headers: {}, body });
  expect(reply).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': type } });
});

test.each([
  ['Marker', 'x'],
  ['MaxItems', '-1'],
  ['StartedAfter', 'yesterday'],
])('a list with %s=%s is refused in the words of Lambda', async (name, value) => {
  const path = `/2025-12-01/functions/${functionPrefix}-long-wait/durable-executions`;
  const reply = await engine.durable.handle({
    method: 'GET',
    path,
    query: new URLSearchParams({ Qualifier: 'durable', [name]: value }),
    headers: {},
    body: '',
  });
  expect(reply).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'InvalidParameterValueException' } });
});
