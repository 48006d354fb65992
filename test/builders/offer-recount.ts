import { listMessages } from '../../src/messaging/message-records.ts';
import { NO_FIGURES } from '../../src/offers/offer-performance.ts';
import { listOffersOfAccount, type OfferReference } from '../../src/offers/offer-records.ts';
import type { Table } from '../../src/platform/table.ts';
import { dayOf } from '../../src/schemas/keys.ts';
import type { Channel } from '../../src/schemas/message/channel.ts';
import type { MessageRecord } from '../../src/schemas/message/message.ts';
import type { Figures } from '../../src/schemas/offer/offer-performance.ts';
import type { OfferRecord } from '../../src/schemas/offer/offer-record.ts';

/** An offer's figures by the day of the issue, counted from nothing but the accounts' own records. */
export async function recount(table: Table, offers: OfferReference[]): Promise<({ day: string } & Figures)[]> {
  const days = new Map<string, Figures>();
  for (const { tenant, account } of offers)
    for (const record of await listOffersOfAccount(table, tenant, account)) {
      const day = dayOf(Date.parse(record.issuedAt));
      const figures = days.get(day) ?? structuredClone(NO_FIGURES);
      days.set(day, figures);
      countOffer(figures, record);
      const messages = await listMessages(table, tenant, account, record.offerId);
      countMessages(
        figures,
        messages.filter(({ workflow }) => workflow === 'retention-offer'),
      );
    }
  return [...days].map(([day, figures]) => ({ day, ...figures })).toSorted((left, right) => (left.day < right.day ? -1 : 1));
}

function countOffer(figures: Figures, record: OfferRecord): void {
  const { state, openedAt, openedVia, acceptedAt, acceptedVia, redeemedAt, convertedBy } = record;
  if (state === 'held-out') {
    figures.heldOut += 1;
    if (convertedBy !== undefined) figures.heldOutConverted += 1;
    return;
  }
  figures.issued += 1;
  if (openedAt !== undefined) add(figures, openedVia, 'opened');
  if (acceptedAt !== undefined) add(figures, acceptedVia, 'accepted');
  if (redeemedAt !== undefined) add(figures, acceptedVia, 'redeemed');
  if (convertedBy !== undefined) add(figures, acceptedVia, 'converted');
  figures.stuck += (record.retries ?? 0) + (state === 'stuck' ? 1 : 0);
  if (state === 'expired' || state === 'declined' || state === 'superseded') figures[state] += 1;
  if (state === 'denied-by-policy') figures.deniedByPolicy += 1;
}

function countMessages({ sms, email }: Figures, messages: MessageRecord[]): void {
  const sent = messages.filter(({ providerMessageId }) => providerMessageId !== undefined);
  const texts = sent.filter(({ channel }) => channel === 'sms');
  const delivered = sent.filter((message) => message.class === 'marketing' && message.state === 'delivered');
  sms.sent += texts.length;
  sms.parts += texts.reduce((sum, { parts = 1 }) => sum + parts, 0);
  email.sent += sent.length - texts.length;
  if (delivered.some(({ channel }) => channel === 'sms')) sms.delivered += 1;
  if (delivered.some(({ channel }) => channel === 'email')) email.delivered += 1;
}

function add(figures: Figures, via: Channel | undefined, what: 'opened' | 'accepted' | 'redeemed' | 'converted'): void {
  figures[what] += 1;
  if (via) figures[via][what] += 1;
}
