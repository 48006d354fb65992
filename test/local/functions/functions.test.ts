import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createClock } from '../../../local/clock.ts';
import { type FunctionsOptions, type LocalFunctions, startFunctions } from '../../../local/functions/functions.ts';
import { invocationOf } from '../../../local/functions/trace.ts';
import { openState } from '../../../local/state.ts';
import { patience } from '../../builders/patience.ts';
import { accountId, functionPrefix, handlerModules, region } from '../durable/engine.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const thirtyDaysMs = 30 * 24 * 60 * 60 * 1_000;
let options: FunctionsOptions;
let directory: string;

beforeEach(() => {
  directory = temporaryDirectory();
  options = {
    modules: handlerModules(['plain']),
    environment: { STAGE: 'local' },
    logFile: join(directory, 'service.log'),
    region,
    accountId,
    functionPrefix,
    timeouts: { plain: 20 },
  };
});

async function start(): Promise<LocalFunctions> {
  const functions = await startFunctions(options);
  onTestFinished(() => functions.close());
  return functions;
}

async function report(functions: LocalFunctions) {
  const outcome = await functions.invoke('plain', { do: 'report' });
  return outcome.ok ? (outcome.payload as Record<string, unknown>) : outcome;
}

test('a handler sees the context of Lambda and no environment but its own', async () => {
  const seen = await report(await start());
  expect(seen).toMatchObject({
    environment: { STAGE: 'local' },
    functionName: `${functionPrefix}-plain`,
    arn: `arn:aws:lambda:${region}:${accountId}:function:${functionPrefix}-plain`,
  });
  expect(seen).toHaveProperty(
    'remainingMs',
    expect.toSatisfy((ms: number) => ms > 0 && ms <= 20_000),
  );
});

test('its Date runs ahead by the offset, and only where it means now', async () => {
  const state = openState(directory);
  onTestFinished(state.close);
  const clock = createClock(state);
  clock.advance(thirtyDaysMs / 1_000);
  options.clock = clock;
  const functions = await start();
  const near = (ms: number) => expect.toSatisfy((seen: number) => Math.abs(seen - Date.now() - ms) < 60_000);
  expect(await report(functions)).toMatchObject({
    now: near(thirtyDaysMs),
    constructed: near(thirtyDaysMs),
    called: expect.toSatisfy((seen: string) => Math.abs(Date.parse(seen) - Date.now() - thirtyDaysMs) < 60_000),
    isDate: true,
    fixed: '2026-01-02T03:04:05.000Z',
  });
  clock.advance(thirtyDaysMs / 1_000);
  expect(await report(functions)).toMatchObject({ now: near(2 * thirtyDaysMs) });
});

test('what handlers print is in the log', async () => {
  const functions = await start();
  await report(functions);
  await vi.waitFor(() => expect(readFileSync(options.logFile, 'utf8')).toContain('a line for the log'), patience);
});

test('a thrown error comes back with its type and message', async () => {
  const outcome = await (await start()).invoke('plain', { do: 'throw' });
  expect(outcome).toEqual({ ok: false, errorType: 'TypeError', errorMessage: 'as ordered' });
});

test('an unknown function is an error of its own', async () => {
  expect(await (await start()).invoke('other', {})).toMatchObject({ ok: false, errorType: 'ResourceNotFoundException' });
});

test('past its timeout an invocation has timed out, and the next one works', async () => {
  options.timeouts = { plain: 1 };
  const functions = await start();
  const outcome = await functions.invoke('plain', { do: 'sleep', ms: 60_000 });
  expect(outcome).toMatchObject({ ok: false, errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('1.00 seconds') });
  expect(await functions.invoke('plain', { do: 'sleep' })).toEqual({ ok: true, payload: 'slept' });
});

test('a handler in an endless loop loses its thread, and the others get a new one', async () => {
  options.timeouts = { plain: 1 };
  const functions = await start();
  expect(await functions.invoke('plain', { do: 'block' })).toMatchObject({ errorType: 'Sandbox.Timedout' });
  await vi.waitFor(async () => expect(await functions.invoke('plain', { do: 'sleep' })).toEqual({ ok: true, payload: 'slept' }), patience);
});

test.each(['crash', 'exit'])('after a %s those in flight have failed and the next one works', async (how) => {
  const functions = await start();
  const [neighbour, outcome] = await Promise.all([
    functions.invoke('plain', { do: 'sleep', ms: 60_000 }),
    functions.invoke('plain', { do: how }),
  ]);
  expect([neighbour, outcome]).toMatchObject([{ errorType: 'Runtime.ExitError' }, { errorType: 'Runtime.ExitError' }]);
  expect(await functions.invoke('plain', { do: 'sleep' })).toEqual({ ok: true, payload: 'slept' });
});

test('a module that does not load is named at the start', async () => {
  const broken = join(directory, 'broken.ts');
  writeFileSync(broken, "throw new Error('no table name');\n");
  options.modules = { ...options.modules, broken: pathToFileURL(broken) };
  await expect(startFunctions(options)).rejects.toThrow(`broken (${pathToFileURL(broken)}) did not load (no table name)`);
});

test('a module without a handler is named at the start', async () => {
  const empty = join(directory, 'empty.ts');
  writeFileSync(empty, 'export const other = 1;\n');
  options.modules = { empty: pathToFileURL(empty) };
  await expect(startFunctions(options)).rejects.toThrow('function empty exports no handler');
});

test('what a handler asks of others names its invocation', async () => {
  const server = createServer((request, response) => response.end(String(invocationOf(request.headers))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const functions = await start();
  const asked = ['request-1', 'request-2'].map((id) => functions.invoke('plain', { do: 'ask', url }, id));
  expect(await Promise.all(asked)).toEqual(['request-1', 'request-2'].map((payload) => ({ ok: true, payload })));
});

test('a crash from outside fails what is in flight, and the next invocation has a new thread', async () => {
  const functions = await start();
  const asleep = functions.invoke('plain', { do: 'sleep', ms: 60_000 });
  await functions.crash();
  expect(await asleep).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
  expect(await report(functions)).toMatchObject({ functionName: `${functionPrefix}-plain` });
});

test('what comes while a crashed thread ends is the work of a new one', async () => {
  const functions = await start();
  const crash = functions.crash();
  expect(await functions.invoke('plain', { do: 'sleep' })).toEqual({ ok: true, payload: 'slept' });
  await crash;
});
