import type { OfferReply } from '../schemas/api/explanation.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import { describeReason } from './reason-texts.ts';

export function offerReply(record: OfferRecord): OfferReply {
  const { tenant: _tenant, account: _account, callbackId: _callbackId, sent: _sent, plansBefore: _plansBefore, ...offer } = record;
  return { ...offer, summary: [`The offer "${offer.offer}" ${describeState(offer)}.`, ...notes(offer)].join(' ') };
}

type IssuedOffer = Omit<OfferRecord, 'tenant' | 'account'>;

const ANSWERS = { link: 'by its link', reply: 'by a text' };

function describeState({ state, validUntil, acceptedAt, acceptedBy, redeemedAt, finishedAt, reason }: IssuedOffer): string {
  const because = reason === undefined ? '' : ` (${describeReason(reason)})`;
  const accepted = `was accepted ${acceptedBy ? ANSWERS[acceptedBy] : ''} at ${acceptedAt}`;
  const texts: Record<OfferRecord['state'], string> = {
    issued: `was issued and can be accepted until ${validUntil}`,
    accepted: `${accepted}; Totogi is asked for it next`,
    redeeming: `${accepted}; Totogi is being asked for it`,
    redeemed: `${accepted}, and given at ${redeemedAt}`,
    stuck: `${accepted} and not given, or nobody knows whether it was${because}: operations decide`,
    expired: `was issued and not accepted before ${validUntil}`,
    declined: `was issued and declined at ${finishedAt}`,
    superseded: 'was issued, and a later one took its place',
    'denied-by-policy': `was issued, and could be told on no channel${because}`,
    'held-out': 'would have been issued: the account is held out from it, to compare',
  };
  return texts[state];
}

function notes({ openedAt, convertedBy }: IssuedOffer): string[] {
  const opened = openedAt === undefined ? [] : [`Its link was first opened at ${openedAt}, which may have been a scanner.`];
  return convertedBy === undefined ? opened : [...opened, `Event ${convertedBy} reached its goal.`];
}
