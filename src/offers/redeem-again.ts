import type { Table } from '../platform/table.ts';
import { findOffer, type OfferReference } from './offer-records.ts';
import { retryNumber, retryOffer } from './retries.ts';
import { markOfferStuck } from './transitions.ts';

/** `retry` is the number of a run of the offer. `now` is in milliseconds since the epoch. */
type Sources = {
  table: Table;
  isRunning: (retry: number) => Promise<boolean>;
  startRun: (retry: number) => Promise<void>;
  now: () => number;
};

/**
 * The runs of a retried redemption share the record of the offer's first run. An offer that is neither redeemed nor stuck while no run is
 * active shows that such a run broke off. This starts the next one.
 *
 * @returns undefined when there was no retry, or nothing is left to redeem.
 */
export async function redeemAgain(
  { table, isRunning, startRun, now }: Sources,
  reference: OfferReference,
): Promise<'still-running' | 'started' | undefined> {
  const offer = await findOffer(table, reference);
  const isOwed = offer?.state === 'accepted' || offer?.state === 'redeeming';
  if (!isOwed || offer.retries === undefined) return undefined;
  if (await isRunning(retryNumber(offer))) return 'still-running';
  await markOfferStuck(table, reference, 'run-failed', now());
  const retried = await retryOffer(table, reference);
  if (retried?.outcome !== 'done') return 'still-running';
  await startRun(retryNumber(retried.record));
  return 'started';
}
