import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Program } from '../../tooling/command-line/run-command.ts';

export type Ending = { code: number; out: string; error: string };

/** Runs a command in this process. */
export async function runInProcess(program: Program, argv: string[]): Promise<Ending> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const written = Promise.all([text(stdout), text(stderr)]);
  const code = await program(argv, { stdout, stderr });
  stdout.end();
  stderr.end();
  const [out, error] = await written;
  return { code, out, error };
}
