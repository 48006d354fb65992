import { fork } from 'node:child_process';
import { devNull } from 'node:os';
import { endWithUs } from '../../shared/leave-nothing.ts';

const MAX_OUTPUT_LENGTH = 500;

export type Program = { file: URL; flags: string[] };

/**
 * Runs a benchmark program in its own process, sends it the task, and returns its answer. Its log output is discarded, but still costs the
 * time of writing.
 */
export function inChild<Result>(program: URL | Program, task: object, environment: Record<string, string> = {}): Promise<Result> {
  const { file, flags } = program instanceof URL ? { file: program, flags: [] } : program;
  const child = fork(file, {
    execArgv: flags,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...onlyBenchAws, PATH: process.env.PATH, ...environment },
  });
  endWithUs(child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-MAX_OUTPUT_LENGTH);
  });
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as Result));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`A measured process ended with ${code}: ${errors}`)));
    child.send(task);
  });
}

/** A developer's own AWS profile would change the measurement. */
export const onlyBenchAws = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
};
