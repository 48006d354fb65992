import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endGroupWithUs } from '../../shared/leave-nothing.ts';

const projectDirectory = fileURLToPath(new URL('../../../', import.meta.url));
const DEFAULT_TIMEOUT_SECONDS = 600;
const MAX_OUTPUT_LENGTH = 2_000;

export type Program = {
  command: string;
  arguments: string[];
  environment?: Record<string, string>;
  directory?: string;
  timeoutSeconds?: number | undefined;
};
export type ProgramResult = { code: number | null; output: string; errors: string };

/** Waits for the exit and returns the code and all output. */
export async function runProgram(program: Program): Promise<ProgramResult> {
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = program;
  const child = spawn(program.command, program.arguments, {
    cwd: program.directory ?? projectDirectory,
    env: { ...process.env, ...program.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutSeconds * 1_000,
    detached: true,
  });
  endGroupWithUs(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code, signal] = await once(child, 'close');
  return { code, output, errors: signal === null ? errors : `${errors}\nended by ${signal}` };
}

/** Throws with the end of the output if the program fails. */
export async function runToSuccess(program: Program): Promise<string> {
  const { code, output, errors } = await runProgram(program);
  if (code === 0) return output;
  const words = `${output}\n${errors}`.trim().slice(-MAX_OUTPUT_LENGTH);
  throw new Error(`\`${program.command} ${program.arguments.join(' ')}\` ended with ${code}:\n${words}`);
}
