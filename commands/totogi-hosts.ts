import { parseTotogiHosts, TOTOGI_HOSTS } from '../src/platform/totogi-hosts.ts';
import { UsageError } from '../tooling/command-line/failures.ts';
import type { ValueForm } from '../tooling/command-line/value-forms.ts';
import type { Stack } from './doctor/stack.ts';

/** The hosts that a stack allows for tenants' Totogi keys. Falls back to Totogi's own hosts, which every stack allows. */
export function listedHosts(stack: Stack): readonly string[] {
  const listed = parseTotogiHosts(stack.state === 'there' ? (stack.outputs.TotogiHosts ?? '') : '');
  return listed === undefined || listed.length === 0 ? TOTOGI_HOSTS : listed;
}

/** Totogi's own hosts plus those of the command line. */
export const totogiHosts: ValueForm<readonly string[]> = {
  accepts: 'host names such as oauth.totogi.io, separated by commas',
  parse: (text) => {
    const hosts = parseTotogiHosts(text);
    return hosts && [...TOTOGI_HOSTS, ...hosts];
  },
};

/** Totogi's own hosts plus those of TOTOGI_HOSTS. */
export function hostsFromEnvironment(text = process.env.TOTOGI_HOSTS ?? ''): readonly string[] {
  const hosts = totogiHosts.parse(text);
  if (hosts === undefined) throw new UsageError(`TOTOGI_HOSTS takes ${totogiHosts.accepts}, not "${text}"`);
  return hosts;
}
