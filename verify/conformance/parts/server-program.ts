import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { endWithUs } from '../../shared/leave-nothing.ts';
import type { Program } from './run-program.ts';

const START_SECONDS = 60;
const POLL_MILLISECONDS = 200;
const MAX_OUTPUT_LENGTH = 2_000;

/** `written` returns all output so far. */
export type RunningServer = { url: string; written(): string; stop(): Promise<void> };

/** Starts a server on a free local port, and waits until it answers HTTP with any status. */
export async function startServer(program: (port: number) => Program): Promise<RunningServer> {
  const port = await freePort();
  const { command, arguments: words, environment, directory } = program(port);
  const child = spawn(command, words, { cwd: directory, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  endWithUs(child);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  const finished = once(child, 'close');
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const server: RunningServer = {
    url: `http://127.0.0.1:${port}`,
    written: () => written,
    async stop() {
      if (isRunning()) child.kill('SIGKILL');
      await finished;
    },
  };
  for (const end = performance.now() + START_SECONDS * 1_000; performance.now() < end && isRunning(); await pause(POLL_MILLISECONDS)) {
    if (await answers(server.url)) return server;
  }
  await server.stop();
  throw new Error(`\`${command}\` did not start: ${written.slice(-MAX_OUTPUT_LENGTH)}`);
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('This machine gave no port.');
  return address.port;
}
