import type { Table } from '../platform/table.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import type { CompleteCallback } from './callbacks.ts';
import { findOffer, type OfferReference } from './offer-records.ts';
import { acceptOffer, endOffer } from './transitions.ts';

/** `via` is the channel of the answered message, when known. */
export type OfferAnswer = { answer: 'accepted' | 'declined'; by: 'link' | 'reply'; via: Channel | undefined };

/**
 * Records a subscriber's answer, then wakes the waiting run. A repeat wakes it again, so a crash between the two is repaired by the next
 * request, or by the run, which reads the record before the offer expires.
 *
 * @returns the offer as stored, whoever answered it.
 */
export async function answerOffer(
  { table, completeCallback, now }: { table: Table; completeCallback: CompleteCallback; now: () => number },
  reference: OfferReference,
  { answer, by, via }: OfferAnswer,
): Promise<OfferRecord> {
  const { outcome, record } =
    answer === 'accepted'
      ? await acceptOffer(table, reference, { by, via, at: now() })
      : await endOffer(table, reference, 'declined', { at: now() });
  // The callback may have been registered since the record was read.
  const current = outcome === 'done' ? ((await findOffer(table, reference)) ?? record) : record;
  const isAwaited = current.state === 'accepted' || current.state === 'declined';
  if (isAwaited && current.callbackId !== undefined) await completeCallback(current.callbackId);
  return current;
}
