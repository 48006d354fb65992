import { digest } from '../platform/hash.ts';

const SHARES = 2 ** 32;

/**
 * Whether an account is held out from an offer: the first 32 bits of SHA-256 over the JSON of tenant, offer and account, as a share of all
 * values.
 *
 * The result is the same on every machine and in every run, and independent between offers. Golden vectors in the tests pin it: a change
 * would move accounts between the groups of a running offer.
 */
export function isHeldOut({ tenant, offer, account }: { tenant: string; offer: string; account: string }, percent: number): boolean {
  const share = digest(JSON.stringify([tenant, offer, account])).readUInt32BE(0) / SHARES;
  return share < percent / 100;
}
