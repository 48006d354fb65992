import type { Command, Options, Values } from './command.ts';
import { CommandFailure, UsageError } from './failures.ts';
import { helpText } from './help-text.ts';
import { parseCommandLine } from './parse-command-line.ts';

/** Runs a command with the arguments of this process and sets its exit code. */
export async function runCommand<O extends Options>(
  command: Command<O>,
  run: (values: Values<O>) => number | Promise<number>,
): Promise<void> {
  try {
    const values = parseCommandLine(command, process.argv.slice(2));
    if (values === 'help') console.log(helpText(command));
    else process.exitCode = await run(values);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    console.error(error instanceof UsageError ? `${sentence(error.message)} All options: ${command.name} -- --help` : error.message);
    process.exitCode = error.exitCode;
  }
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
