import type { OfferReply } from '../schemas/api/explanation.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import { describeReasons } from './reason-texts.ts';

export function offerReply(record: OfferRecord): OfferReply {
  const { tenant: _tenant, account: _account, callbackId: _callbackId, sent: _sent, plansBefore: _plansBefore, ...offer } = record;
  return { ...offer, summary: [`The offer "${offer.offer}" ${describeState(offer)}.`, ...notes(offer)].join(' ') };
}

type IssuedOffer = Omit<OfferRecord, 'tenant' | 'account'>;

const ANSWERS = { link: 'by link', reply: 'by text' };

function describeState({ state, validUntil, acceptedAt, acceptedBy, redeemedAt, finishedAt, ...why }: IssuedOffer): string {
  const reasons = describeReasons(why);
  const because = reasons === '' ? '' : ` (${reasons})`;
  const accepted = `was accepted${acceptedBy ? ` ${ANSWERS[acceptedBy]}` : ''} at ${acceptedAt}`;
  const texts: Record<OfferRecord['state'], string> = {
    issued: `was issued and can be accepted until ${validUntil}`,
    accepted: `${accepted}; its redemption is next`,
    redeeming: `${accepted}; its redemption is in progress`,
    redeemed: `${accepted} and redeemed at ${redeemedAt}`,
    stuck: `${accepted}, but is not known to be redeemed${because}; operations must decide`,
    expired: `was issued, but not accepted before ${validUntil}`,
    declined: `was declined at ${finishedAt}`,
    superseded: 'was superseded by a later one',
    'denied-by-policy': `was issued, but the subscriber could not be notified on any channel${because}`,
    'held-out': 'was not issued: the account is in the holdout',
  };
  return texts[state];
}

function notes({ openedAt, convertedBy }: IssuedOffer): string[] {
  const opened = openedAt === undefined ? [] : [`Its link was first opened at ${openedAt}, possibly by a mail scanner.`];
  return convertedBy === undefined ? opened : [...opened, `Event ${convertedBy} reached its goal.`];
}
