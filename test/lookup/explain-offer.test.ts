import { expect, test } from 'vitest';
import { offerReply } from '../../src/lookup/explain-offer.ts';
import type { OfferRecord } from '../../src/schemas/offer/offer-record.ts';

const ISSUED: OfferRecord = {
  tenant: 'mvno-example',
  account: 'acc-1',
  offerId: '01K8XK9M3QZ5J6W7V8N9P0R1S2',
  offer: 'free-month',
  configuration: 'v-1',
  state: 'issued',
  issuedAt: '2026-05-01T08:00:00.000Z',
  validUntil: '2026-05-04T08:00:00.000Z',
  attributedUntil: '2026-05-15T08:00:00.000Z',
  callbackId: 'callback-1',
  sent: ['notice-sms'],
};
const ACCEPTED = { acceptedAt: '2026-05-02T08:00:00.000Z', acceptedBy: 'reply' } as const;

test.each<[Partial<OfferRecord>, string]>([
  [{}, 'was issued and can be accepted until 2026-05-04T08:00:00.000Z.'],
  [{ ...ACCEPTED, state: 'accepted' }, 'was accepted by text at 2026-05-02T08:00:00.000Z; its redemption is next.'],
  [
    { ...ACCEPTED, acceptedBy: 'link', state: 'redeeming' },
    'was accepted by link at 2026-05-02T08:00:00.000Z; its redemption is in progress.',
  ],
  [
    { ...ACCEPTED, state: 'redeemed', redeemedAt: '2026-05-02T08:01:00.000Z', convertedBy: 'event-2' },
    'was accepted by text at 2026-05-02T08:00:00.000Z and redeemed at 2026-05-02T08:01:00.000Z. Event event-2 reached its goal.',
  ],
  [
    { ...ACCEPTED, state: 'stuck', reason: 'unknown-twice' },
    'was accepted by text at 2026-05-02T08:00:00.000Z, but is not known to be redeemed (two requests to Totogi ended with an unknown outcome); operations must decide.',
  ],
  [
    { state: 'expired', openedAt: '2026-05-01T08:00:02.000Z' },
    'was issued, but not accepted before 2026-05-04T08:00:00.000Z. Its link was first opened at 2026-05-01T08:00:02.000Z, possibly by a mail scanner.',
  ],
  [{ state: 'declined', finishedAt: '2026-05-02T08:00:00.000Z' }, 'was declined at 2026-05-02T08:00:00.000Z.'],
  [{ state: 'superseded' }, 'was superseded by a later one.'],
  [
    { state: 'denied-by-policy', notSent: [{ channel: 'sms', reason: 'no-consent' }] },
    'was issued, but the subscriber could not be notified on any channel (sms: the subscriber has not consented to marketing).',
  ],
  [{ state: 'held-out' }, 'was not issued: the account is in the holdout.'],
])('an issue that is %o says so', (parts, words) => {
  expect(offerReply({ ...ISSUED, ...parts }).summary).toBe(`The offer "free-month" ${words}`);
});

test('an issue in a reply names neither its account nor the callback', () => {
  expect(offerReply(ISSUED)).toEqual({
    offerId: ISSUED.offerId,
    offer: 'free-month',
    configuration: 'v-1',
    state: 'issued',
    issuedAt: ISSUED.issuedAt,
    validUntil: ISSUED.validUntil,
    attributedUntil: ISSUED.attributedUntil,
    summary: expect.any(String),
  });
});
