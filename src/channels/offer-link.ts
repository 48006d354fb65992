import type { OfferVariables } from '../rules/message-variables.ts';
import { HOUR } from '../runtime/duration.ts';
import type { MessageRecord, MessageReference } from '../schemas/message.ts';
import type { Offer } from '../schemas/offer.ts';
import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import { offerKey } from '../store/keys.ts';
import { issueLink } from '../store/links.ts';
import { findOffer } from '../store/offers/offers.ts';
import type { Table } from '../store/table.ts';

/**
 * Placeholder for the token of an offer link until the message is sent: anyone with the link can accept, so no record stores it. It is as
 * long as a token, and each character counts as one in a text, so the number of parts is right. The asterisk keeps names and plans from
 * containing it.
 */
const TOKEN_PLACE = '*offer-token-goes-here';

type LinkSources = { table: Table; publicUrl: string | undefined; now: () => number };

export async function findOfferVariables(
  { table, publicUrl, now }: LinkSources,
  { tenant, account, eventId }: MessageReference,
  { offers }: PublishedConfiguration,
): Promise<(OfferVariables & Pick<Offer, 'template'>) | undefined> {
  const record = await findOffer(table, { tenant, account, offerId: eventId });
  const offer = record && offers.find(({ id }) => id === record.offer);
  if (!offer) return undefined;
  const link = publicUrl === undefined ? undefined : `${publicUrl}/o/${TOKEN_PLACE}`;
  return {
    name: offer.name,
    template: offer.template,
    link,
    hoursLeft: Math.max(1, Math.floor((Date.parse(record.validUntil) - now()) / HOUR)),
  };
}

/** Whether the message links to an offer that is expired, answered or superseded. */
export async function offersWhatIsOver(
  { table, now }: Pick<LinkSources, 'table' | 'now'>,
  { tenant, account, eventId, text = '', html = '' }: MessageRecord,
): Promise<boolean> {
  if (!`${text}${html}`.includes(TOKEN_PLACE)) return false;
  const record = await findOffer(table, { tenant, account, offerId: eventId });
  return record?.state !== 'issued' || Date.parse(record.validUntil) <= now();
}

export async function withOfferLink(sources: Pick<LinkSources, 'table'>, message: MessageRecord, text: string): Promise<string> {
  if (!text.includes(TOKEN_PLACE)) return text;
  const token = await makeToken(sources, message);
  return text.replaceAll(TOKEN_PLACE, () => token);
}

export async function withOfferLinks(
  sources: Pick<LinkSources, 'table'>,
  message: MessageRecord,
  content: { text: string; html: string },
): Promise<{ text: string; html: string }> {
  if (!`${content.text}${content.html}`.includes(TOKEN_PLACE)) return content;
  const token = await makeToken(sources, message);
  return { text: content.text.replaceAll(TOKEN_PLACE, () => token), html: content.html.replaceAll(TOKEN_PLACE, () => token) };
}

/** The link works beyond the offer's end, to tell late visitors that it expired, until its attribution ends. */
async function makeToken({ table }: Pick<LinkSources, 'table'>, { tenant, account, eventId, channel }: MessageRecord): Promise<string> {
  const reference = { tenant, account, offerId: eventId };
  const record = await findOffer(table, reference);
  if (!record) throw new Error(`The offer that event ${eventId} led to is not found.`);
  const expiresAt = Math.ceil(Date.parse(record.attributedUntil > record.validUntil ? record.attributedUntil : record.validUntil) / 1_000);
  return issueLink(table, { kind: 'offer', target: offerKey(reference), channel, expiresAt });
}
