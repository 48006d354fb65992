import type { Configurations } from '../configuration/configurations.ts';
import { followLink } from '../messaging/links.ts';
import { offerName } from '../messaging/message-variables.ts';
import type { Table } from '../platform/table.ts';
import { findProfile } from '../profiles/profile-records.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { OfferRecord } from '../schemas/offer/offer-record.ts';
import type { OfferOnPage, OfferPageState } from './offer-page.ts';
import { findOfferByKey } from './offer-records.ts';

/** `via` is the channel of the message that the link came in. */
export type LinkedOffer = { record: OfferRecord; via: Channel | undefined; onPage: OfferOnPage };

/**
 * Finds the offer that a link leads to, with what its page shows. Undefined for an unknown link.
 *
 * @param at milliseconds since the epoch.
 */
export async function findLinkedOffer(
  { table, configurations }: { table: Table; configurations: Configurations },
  token: string,
  at: number,
): Promise<LinkedOffer | undefined> {
  const link = await followLink(table, { kind: 'offer', token }, at);
  const record = link && (await findOfferByKey(table, link.target));
  if (!record) return undefined;
  const [published, profile] = await Promise.all([
    configurations.version(record.tenant, record.configuration),
    findProfile(table, record.tenant, record.account),
  ]);
  const { configuration, offers } = published;
  const language = profile?.language ?? configuration.language;
  const offer = offers.find(({ id }) => id === record.offer);
  if (!offer) return undefined;
  const onPage = { brand: configuration.name, offer: offerName(offer, language, configuration) ?? offer.id, language };
  return { record, via: link.channel, onPage };
}

/** @param at milliseconds since the epoch. */
export function pageStateOf({ state, validUntil }: OfferRecord, at: number): OfferPageState {
  if (state === 'issued') return at < Date.parse(validUntil) ? 'open' : 'expired';
  if (state === 'declined') return 'declined';
  const isOver = state === 'expired' || state === 'superseded' || state === 'denied-by-policy' || state === 'held-out';
  return isOver ? 'expired' : 'accepted';
}
