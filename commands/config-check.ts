import { parseArgs } from 'node:util';
import { faultLine } from './configuration/fault.ts';
import { readConfiguration } from './configuration/read-configuration.ts';

const HELP = `npm run config:check [-- --directory config]

Checks every tenant's configuration and every message template. Prints each fault with file, line, field and remedy.
Exit code 0 when all holds, 1 when something does not.`;

const { values } = parseArgs({ options: { directory: { type: 'string', default: 'config' }, help: { type: 'boolean', default: false } } });

if (values.help) console.log(HELP);
else check(values.directory);

function check(directory: string): void {
  const { published, faults } = readConfiguration(directory);
  for (const fault of faults) console.error(faultLine(fault));
  for (const { configuration, version } of published) console.log(`${configuration.tenant}: version ${version}`);
  if (faults.length > 0) {
    console.error(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}: nothing of this can be published.`);
    process.exitCode = 1;
  }
}
