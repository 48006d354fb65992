import { parseTotogiHosts, TOTOGI_HOSTS } from '../src/schemas/totogi-hosts.ts';
import { ConfigurationUsageError } from '../tooling/configuration/usage-error.ts';
import type { Stack } from './doctor/stack.ts';

/** The hosts that a stack allows for tenants' Totogi keys. Falls back to Totogi's own hosts, which every stack allows. */
export function listedHosts(stack: Stack): readonly string[] {
  const listed = parseTotogiHosts(stack.state === 'there' ? (stack.outputs.TotogiHosts ?? '') : '');
  return listed === undefined || listed.length === 0 ? TOTOGI_HOSTS : listed;
}

/** Totogi's own hosts plus those of the command line. */
export function namedHosts(text: string): readonly string[] {
  const named = parseTotogiHosts(text);
  if (named) return [...TOTOGI_HOSTS, ...named];
  throw new ConfigurationUsageError(
    `--totogi-hosts must be names of hosts such as oauth.totogi.io, separated by commas, not ${JSON.stringify(text)}`,
  );
}
