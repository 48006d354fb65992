import { fork } from 'node:child_process';
import { devNull } from 'node:os';
import { endWithUs } from '../../commands/leave-nothing.ts';

const MAX_OUTPUT_LENGTH = 500;

/** A program, and how Node is to run it. */
export type Program = { file: URL; flags: string[] };

/**
 * Runs a program of the benchmark in a process of its own, hands it its task, and answers what it sends back. What it logs goes nowhere,
 * at the price that writing has.
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

/** A developer's own AWS profile would change what is measured. */
export const onlyBenchAws = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
};
