import { parseArgs } from 'node:util';
import { faultLine, isError } from '../tooling/configuration/fault.ts';
import { readConfiguration } from '../tooling/configuration/read-configuration.ts';
import { ConfigurationUsageError } from '../tooling/configuration/usage-error.ts';
import { namedHosts } from './totogi-hosts.ts';

const HELP = `npm run config:check [-- --directory config] [--totogi-hosts H]

Checks every tenant's configuration and every message template, each rendered with sample data in every language and for every moment.
Looks across tenants too: a sender, domain, configuration set, number or provider id belongs to one of them.
Prints each fault with file, line, field and remedy.

  --directory D      the configuration folder (config)
  --totogi-hosts H   hosts where tenants' Totogi may be besides Totogi's own, separated by commas, as the stack's parameter totogiHosts
                     lists them (TOTOGI_HOSTS)

Exit code 0 when all holds, warnings or not; 1 when something does not.`;

const { values } = parseArgs({
  options: {
    directory: { type: 'string', default: 'config' },
    'totogi-hosts': { type: 'string', default: process.env.TOTOGI_HOSTS ?? '' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else run();

function run(): void {
  try {
    check(values.directory, namedHosts(values['totogi-hosts']));
  } catch (error) {
    if (!(error instanceof ConfigurationUsageError)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}

function check(directory: string, totogiHosts: readonly string[]): void {
  const { published, faults, templates } = readConfiguration(directory, totogiHosts);
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
