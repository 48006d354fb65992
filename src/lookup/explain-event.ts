import { listMessages } from '../messaging/message-records.ts';
import { findOffer } from '../offers/offer-records.ts';
import type { Table } from '../platform/table.ts';
import { listRuns } from '../workflows/engine/run-records.ts';
import { explain } from './explain.ts';
import { offerReply } from './explain-offer.ts';
import { type EventReference, getEvent } from './list-events.ts';

/**
 * What became of an event: the workflows that ran or the reason why none did, their messages, and the offer.
 *
 * @param at milliseconds since the epoch.
 * @throws HttpProblem 404 when there is no such event.
 */
export async function explainEvent(table: Table, reference: EventReference, at: number) {
  const event = await getEvent(table, reference);
  const { tenant, account, eventId } = reference;
  const [runs, messages, offer] = await Promise.all([
    listRuns(table, tenant, account, eventId),
    listMessages(table, tenant, account, eventId),
    findOffer(table, { tenant, account, offerId: eventId }),
  ]);
  return { ...explain(event, runs, messages, at), ...(offer && { offer: offerReply(offer) }) };
}
