/** Where Totogi itself answers: its GraphQL by Region, and its tokens. */
export const TOTOGI_HOSTS = ['gql.produseast1.api.totogi.com', 'gql.prodapsoutheast1.api.totogi.com', 'oauth.totogi.io'];

const MAX_HOSTS = 20;
const MAX_ADDRESS_LENGTH = 300;
/** Two names or more of letters, digits and hyphens, the last of which begins with a letter: no address of a machine, no final dot. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Plain https: no user, no port of its own, nothing that programs read in different ways. */
const ADDRESS = /^https:\/\/([A-Za-z0-9.-]{1,253})(?:\/[A-Za-z0-9._~/-]*)?$/;

/** A list of hosts as people write it, separated by commas; undefined where one of them is no name of a host. */
export function parseTotogiHosts(text: string): string[] | undefined {
  const hosts = text
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  return hosts.length <= MAX_HOSTS && hosts.every((host) => HOST.test(host)) ? hosts : undefined;
}

/** The host of an https address with the default port; undefined for every other address. */
export function hostOf(address: string): string | undefined {
  const [, host] = (address.length <= MAX_ADDRESS_LENGTH && ADDRESS.exec(address)) || [];
  const name = host?.toLowerCase();
  return name !== undefined && HOST.test(name) && URL.parse(address)?.hostname === name ? name : undefined;
}

/** Whether a tenant's key and secret may be sent to an address. */
export type MayReach = (address: string) => boolean;

/**
 * Lets addresses of listed hosts through and no others.
 *
 * @param standIn an address that whoever runs the process gave in the place of Totogi's own; what is below it passes too.
 */
export function reachOf(hosts: readonly string[], standIn?: string): MayReach {
  return (address) => {
    const host = hostOf(address);
    return (host !== undefined && hosts.includes(host)) || (standIn !== undefined && address.startsWith(`${standIn}/`));
  };
}
