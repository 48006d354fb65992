import type { MessageTopic } from '../messaging/delivery.ts';
import { issueLink } from '../messaging/links.ts';
import { HOUR } from '../platform/duration.ts';
import type { Table } from '../platform/table.ts';
import { offerKey } from '../schemas/keys.ts';
import type { MessageRecord, MessageReference } from '../schemas/message/message.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import { findOffer } from './offer-records.ts';
import { recordSending } from './sent-messages.ts';

/**
 * Placeholder for the token of an offer link until the message is sent: anyone with the link can accept, so no record stores it. It is as
 * long as a token, and each character counts as one in a text, so the number of parts is right. The asterisk keeps names and plans from
 * containing it.
 */
const TOKEN_PLACE = '*offer-token-goes-here';

type Sources = { table: Table; publicUrl: string | undefined; now: () => number };

/** What the messages of an offer's run say, and what is counted for the offer when they are sent. */
export function createOfferMessages({ table, publicUrl, now }: Sources): MessageTopic {
  const offerOf = ({ tenant, account, eventId }: MessageReference) => findOffer(table, { tenant, account, offerId: eventId });
  return {
    async variables(message, { offers }) {
      const record = await offerOf(message);
      const offer = record && offers.find(({ id }) => id === record.offer);
      if (!offer) return undefined;
      const link = publicUrl === undefined ? undefined : `${publicUrl}/o/${TOKEN_PLACE}`;
      const hoursLeft = Math.max(1, Math.floor((Date.parse(record.validUntil) - now()) / HOUR));
      return { name: offer.name, template: offer.template, link, hoursLeft };
    },
    async isOver(message) {
      if (!showsLink(message)) return false;
      const record = await offerOf(message);
      return record?.state !== 'issued' || Date.parse(record.validUntil) <= now();
    },
    async withLinks(message, content) {
      if (!showsLink(content)) return content;
      const record = await offerOf(message);
      if (!record) throw new Error(`The offer that event ${message.eventId} led to is not found.`);
      const token = await issueToken(table, message, record);
      return { text: content.text.replaceAll(TOKEN_PLACE, () => token), html: content.html?.replaceAll(TOKEN_PLACE, () => token) };
    },
    recordSending: (message, result) => recordSending(table, message, result),
  };
}

function showsLink({ text = '', html = '' }: Pick<MessageRecord, 'text' | 'html'>): boolean {
  return `${text}${html}`.includes(TOKEN_PLACE);
}

/** The link works beyond the offer's end, to tell late visitors that it expired, until its attribution ends. */
function issueToken(table: Table, { channel }: MessageRecord, record: OfferRecord): Promise<string> {
  const { attributedUntil, validUntil } = record;
  const expiresAt = Math.ceil(Date.parse(attributedUntil > validUntil ? attributedUntil : validUntil) / 1_000);
  return issueLink(table, { kind: 'offer', target: offerKey(record), channel, expiresAt });
}
