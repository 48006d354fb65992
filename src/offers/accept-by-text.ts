import { type FirstDelivery, recordFirstDelivery } from '../messaging/replies/first-delivery.ts';
import { type AppliedReply, recordAnswer, recordReply } from '../messaging/replies/reply-records.ts';
import type { Subscriber } from '../messaging/replies/subscribers.ts';
import type { Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { answerOffer } from './answer-offer.ts';
import type { CompleteCallback } from './callbacks.ts';
import { findOpenOffer } from './offer-records.ts';

/** `now` is in milliseconds since the epoch. */
type Sources = { table: Table; completeCallback: CompleteCallback; now: () => number };

/**
 * YES accepts the newest open offer of these accounts. The waiting run redeems it and confirms it to the subscriber. When offers of several
 * tenants are open, it accepts none.
 */
export async function acceptByText(
  sources: Sources,
  subscribers: Subscriber[],
  yes: AppliedReply,
): Promise<'accepted' | 'no-open-offer' | 'unmatched' | 'unclear'> {
  const { table, now } = sources;
  if (subscribers.length === 0) return 'unmatched';
  const { sentAt, means, couldMean } = await fixMeaning(sources, subscribers, yes);
  if (couldMean) return acceptNone(sources, couldMean, { ...yes, sentAt });
  if (!means) return 'no-open-offer';
  const { tenant, account } = means;
  const applied = { ...yes, sentAt };
  const { offerId } = await recordReply(table, means, { ...applied, offerId: means.offerId });
  const answered =
    offerId === undefined
      ? undefined
      : await answerOffer(sources, { tenant, account, offerId }, { answer: 'accepted', by: 'reply', via: 'sms' });
  const isAccepted = answered?.acceptedAt !== undefined;
  const reason = isAccepted ? 'offer-accepted' : 'no-open-offer';
  await recordAnswer(table, means, { reply: applied, answer: { state: 'none', reason, at: isoTime(now()) } });
  return isAccepted ? 'accepted' : 'no-open-offer';
}

/** Records the reply on each candidate account. The record does not reveal that another tenant's account exists. */
async function acceptNone({ table, now }: Sources, subscribers: Subscriber[], yes: AppliedReply): Promise<'unclear'> {
  for (const subscriber of subscribers) {
    await recordReply(table, subscriber, yes);
    await recordAnswer(table, subscriber, { reply: yes, answer: { state: 'none', reason: 'unclear', at: isoTime(now()) } });
  }
  return 'unclear';
}

/** Stores which offer a YES means before accepting it, so that the same text never accepts a second one. */
async function fixMeaning({ table, now }: Sources, subscribers: Subscriber[], yes: AppliedReply): Promise<FirstDelivery> {
  const { inboundMessageId, sentAt } = yes;
  const offers = await Promise.all(
    subscribers.map(async (subscriber) => ({
      subscriber,
      offer: await findOpenOffer(table, subscriber.tenant, subscriber.account, sentAt),
    })),
  );
  const open = offers.flatMap(({ subscriber: { tenant, account }, offer }) => (offer ? [{ tenant, account, offerId: offer.offerId }] : []));
  const [newest] = open.toSorted((left, right) => (left.offerId < right.offerId ? 1 : -1));
  if (open.some(({ tenant }) => tenant !== newest?.tenant)) {
    const couldMean = open.map(({ tenant, account }) => ({ tenant, account }));
    return recordFirstDelivery(table, inboundMessageId, { sentAt, couldMean }, now());
  }
  return recordFirstDelivery(table, inboundMessageId, { sentAt, means: newest ?? subscribers[0] }, now());
}
