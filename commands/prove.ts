import { writeFileSync } from 'node:fs';
import { exitOnSignals } from './exit-on-signals.ts';
import { type ProveArguments, ProveUsageError, parseProveArguments, usage } from './prove/arguments.ts';
import { drill, prove } from './prove/prove.ts';
import { asJson, asMarkdown, closes } from './prove/report.ts';

const exitCodes = { closed: 0, open: 1, usage: 2 };

exitOnSignals();
process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  try {
    const options = parseProveArguments(argv);
    if (options !== 'help') return await report(options);
    console.log(usage);
    return exitCodes.closed;
  } catch (error) {
    if (!(error instanceof ProveUsageError)) throw error;
    console.error(`${error.message}. All options: npm run prove -- --help`);
    return exitCodes.usage;
  }
}

async function report(options: ProveArguments): Promise<number> {
  const { outage } = options;
  const log = (line: string) => console.error(line);
  const proof = outage === undefined ? await prove({ ...options, log }) : await drill({ ...options, outage, log });
  const text = asMarkdown(proof);
  if (options.json !== undefined) writeFileSync(options.json, asJson(proof));
  if (options.markdown !== undefined) writeFileSync(options.markdown, `${text}\n`);
  console.log(text);
  return closes(proof) ? exitCodes.closed : exitCodes.open;
}
