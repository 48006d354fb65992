import { writeFileSync } from 'node:fs';
import { runCommand } from '../tooling/command-line/run-command.ts';
import { type ProveArguments, proveArguments, proveCommand } from './faults/arguments.ts';
import { drill, prove } from './faults/prove.ts';
import { asJson, asMarkdown, closes } from './faults/report.ts';
import { exitOnSignals } from './shared/exit-on-signals.ts';

exitOnSignals();
await runCommand(proveCommand, (values) => report(proveArguments(values)));

async function report(options: ProveArguments): Promise<number> {
  const { outage } = options;
  const log = (line: string) => console.error(line);
  const proof = outage === undefined ? await prove({ ...options, log }) : await drill({ ...options, outage, log });
  const text = asMarkdown(proof);
  if (options.json !== undefined) writeFileSync(options.json, asJson(proof));
  if (options.markdown !== undefined) writeFileSync(options.markdown, `${text}\n`);
  console.log(text);
  return closes(proof) ? 0 : 1;
}
