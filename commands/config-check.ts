import { parseArgs } from 'node:util';
import { faultLine, isError } from './configuration/fault.ts';
import { readConfiguration } from './configuration/read-configuration.ts';

const HELP = `npm run config:check [-- --directory config]

Checks every tenant's configuration and every message template, each rendered with sample data in every language and for every moment.
Prints each fault with file, line, field and remedy.
Exit code 0 when all holds, warnings or not; 1 when something does not.`;

const { values } = parseArgs({ options: { directory: { type: 'string', default: 'config' }, help: { type: 'boolean', default: false } } });

if (values.help) console.log(HELP);
else check(values.directory);

function check(directory: string): void {
  const { published, faults, templates } = readConfiguration(directory);
  const errors = faults.filter(isError);
  for (const fault of faults) (isError(fault) ? console.error : console.warn)(faultLine(fault));
  for (const { configuration, version } of published) console.log(`${configuration.tenant}: version ${version}`);
  const looked = `${counted(published.length, 'tenant')}, ${counted(templates, 'template')}`;
  console.log(`${looked}: ${counted(errors.length, 'error')}, ${counted(faults.length - errors.length, 'warning')}`);
  if (errors.length > 0) {
    console.error('Nothing of this can be published.');
    process.exitCode = 1;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
