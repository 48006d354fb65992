import type { Channel } from '../../schemas/channel.ts';
import type { OfferRecord } from '../../schemas/offer-record.ts';
import type { CompleteCallback } from '../callbacks.ts';
import type { Table } from '../table.ts';
import { recordOpening } from './milestones.ts';
import { ContendedOffer, findOffer, type OfferReference } from './offers.ts';
import { acceptOffer, endOffer } from './transitions.ts';

/** Many may press one link at once, and all but one of them only read what that one wrote. */
const MAX_TRIES = 8;

/** `via` is the channel whose message it answers, where that is known. */
export type OfferAnswer = { answer: 'accepted' | 'declined'; by: 'link' | 'reply'; via: Channel | undefined };

/**
 * Puts a subscriber's answer on record, then wakes the run that waits for it. A repeat wakes it again: what broke off between the two is
 * made good by the next press, or by the run itself, which looks at the record before the offer expires.
 *
 * @returns the offer as it stands now, whoever's answer that is.
 */
export async function answerOffer(
  { table, completeCallback, now }: { table: Table; completeCallback: CompleteCallback; now: () => number },
  reference: OfferReference,
  { answer, by, via }: OfferAnswer,
): Promise<OfferRecord> {
  const { outcome, record } = await retryAccept(() =>
    answer === 'accepted' ? acceptOffer(table, reference, { by, via, at: now() }) : endOffer(table, reference, 'declined', { at: now() }),
  );
  // The callback may have been noted since the record was read.
  const current = outcome === 'done' ? ((await findOffer(table, reference)) ?? record) : record;
  const isAwaited = current.state === 'accepted' || current.state === 'declined';
  if (isAwaited && current.callbackId !== undefined) await completeCallback(current.callbackId);
  return current;
}

/** Notes the first opening of an offer's link; every later one only reads. */
export async function openOffer(table: Table, reference: OfferReference, opening: { via: Channel | undefined; at: number }): Promise<void> {
  await retryAccept(() => recordOpening(table, reference, opening));
}

async function retryAccept<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ContendedOffer) || tries >= MAX_TRIES) throw error;
    }
  }
}
