import { Console } from 'node:console';
import type { Command, Options, Values } from './command.ts';
import { CommandFailure, UsageError } from './failures.ts';
import { helpText } from './help-text.ts';
import { parseCommandLine } from './parse-command-line.ts';

/** Where a command writes. */
export type Output = { stdout: NodeJS.WritableStream; stderr: NodeJS.WritableStream };
export type Terminal = { console: Console; stderr: NodeJS.WritableStream };

/** A command with what it does: returns its exit code. */
export type Program = (argv: string[], output: Output) => Promise<number>;

export function defineProgram<O extends Options>(
  command: Command<O>,
  run: (values: Values<O>, terminal: Terminal) => number | Promise<number>,
): Program {
  return async (argv, { stdout, stderr }) => {
    const console = new Console({ stdout, stderr });
    try {
      const values = parseCommandLine(command, argv);
      if (values !== 'help') return await run(values, { console, stderr });
      console.log(helpText(command));
      return 0;
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      console.error(error instanceof UsageError ? `${sentence(error.message)} All options: ${command.name} -- --help` : error.message);
      return error.exitCode;
    }
  };
}

/** Runs a program with the arguments of this process and sets its exit code. */
export async function runProgram(program: Program): Promise<void> {
  process.exitCode = await program(process.argv.slice(2), process);
}

/** Runs a command with the arguments of this process and sets its exit code. */
export async function runCommand<O extends Options>(
  command: Command<O>,
  run: (values: Values<O>) => number | Promise<number>,
): Promise<void> {
  await runProgram(defineProgram(command, run));
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
