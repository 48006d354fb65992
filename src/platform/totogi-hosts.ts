export const TOTOGI_HOSTS = ['gql.produseast1.api.totogi.com', 'gql.prodapsoutheast1.api.totogi.com', 'oauth.totogi.io'];

const MAX_HOSTS = 20;
const MAX_ADDRESS_LENGTH = 300;
/** At least two labels, the last of which starts with a letter: no IP address, no final dot. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** Plain https without user or port: nothing that programs parse in different ways. */
const ADDRESS = /^https:\/\/([A-Za-z0-9.-]{1,253})(?:\/[A-Za-z0-9._~/-]*)?$/;

/** Hosts separated by commas; undefined if one of them is invalid. */
export function parseTotogiHosts(text: string): string[] | undefined {
  const hosts = text
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
  return hosts.length <= MAX_HOSTS && hosts.every((host) => HOST.test(host)) ? hosts : undefined;
}

/** The host of an https address with the default port; undefined for any other address. */
export function hostOf(address: string): string | undefined {
  const [, host] = (address.length <= MAX_ADDRESS_LENGTH && ADDRESS.exec(address)) || [];
  const name = host?.toLowerCase();
  return name !== undefined && HOST.test(name) && URL.parse(address)?.hostname === name ? name : undefined;
}

export type MayReach = (address: string) => boolean;

/**
 * Allows only addresses at listed hosts.
 *
 * @param standIn an address that the process is configured with instead of Totogi's own; addresses below it are allowed too.
 */
export function reachOf(hosts: readonly string[], standIn?: string): MayReach {
  return (address) => {
    const host = hostOf(address);
    return (host !== undefined && hosts.includes(host)) || (standIn !== undefined && address.startsWith(`${standIn}/`));
  };
}
