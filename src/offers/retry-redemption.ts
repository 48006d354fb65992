import { HttpProblem } from '../platform/problem.ts';
import type { Table } from '../platform/table.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import type { OfferReference } from './offer-records.ts';
import { retryNumber, retryOffer } from './retries.ts';

/**
 * Retries the redemption of a stuck offer. The same request may be repeated.
 *
 * @param startRun starts the offer's run again, by the number of the retry.
 * @throws HttpProblem 404 when there is no such offer, 409 when it is not stuck.
 */
export async function retryRedemption(
  table: Table,
  reference: OfferReference,
  startRun: (retry: number) => Promise<void>,
): Promise<OfferRecord> {
  const retried = await retryOffer(table, reference);
  if (!retried) throw new HttpProblem(404, 'No offer with this ID exists for this account.');
  const { outcome, record } = retried;
  if (outcome === 'conflict')
    throw new HttpProblem(409, `The offer is in state \`${record.state}\`; only \`stuck\` offers can be retried.`);
  // Also for a known retry: an earlier request may have failed before it started the run.
  await startRun(retryNumber(record));
  return record;
}
