import { defineCommand } from '../../tooling/command-line/command.ts';
import { value } from '../../tooling/command-line/options.ts';
import { defineProgram } from '../../tooling/command-line/run-command.ts';
import { anyText } from '../../tooling/command-line/value-forms.ts';
import { faultLine, isError } from '../../tooling/configuration/fault.ts';
import { readConfiguration } from '../../tooling/configuration/read-configuration.ts';
import { hostsFromEnvironment, totogiHosts } from '../totogi-hosts.ts';

const command = defineCommand({
  name: 'npm run config:check',
  about:
    'Checks every tenant and every message template, and renders each template with sample data in every language. ' +
    'Also checks that no two tenants share a sender, domain, configuration set, number or provider ID. ' +
    'Prints each fault with its file, line, field and remedy.',
  options: {
    directory: value(anyText, { placeholder: 'DIR', about: 'Configuration folder', default: 'config' }),
    totogiHosts: value(totogiHosts, {
      placeholder: 'HOSTS',
      about: "Hosts that tenants' Totogi keys may be sent to, besides Totogi's own, separated by commas",
      defaultText: 'TOTOGI_HOSTS',
    }),
  },
  examples: ['npm run config:check', 'npm run config:check -- --directory test/fixtures/offers-config'],
  exitCodes: { 0: 'no errors; there may be warnings', 1: 'at least one error' },
});

export const configCheck = defineProgram(command, ({ directory, totogiHosts: hosts = hostsFromEnvironment() }, { console }) => {
  const { published, faults, templates } = readConfiguration(directory, hosts);
  const errors = faults.filter(isError);
  for (const fault of faults) console.error(faultLine(fault));
  for (const { configuration, version } of published) console.log(`${configuration.tenant}: version ${version}`);
  const checked = `${counted(published.length, 'tenant')}, ${counted(templates, 'template')}`;
  console.log(`${checked}: ${counted(errors.length, 'error')}, ${counted(faults.length - errors.length, 'warning')}`);
  if (errors.length > 0) console.error('This configuration cannot be published.');
  return errors.length > 0 ? 1 : 0;
});

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
