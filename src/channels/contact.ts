import { findEmail, findPhone, sourcesBeforeTotogi } from '../rules/find-contact.ts';
import { MINUTE } from '../runtime/duration.ts';
import type { NoFactsReason, ReadAccountFacts } from '../schemas/account-facts.ts';
import type { MessageRecord } from '../schemas/message.ts';
import type { Profile } from '../schemas/profile.ts';
import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import type { RecordedEvent } from '../schemas/recorded-event.ts';
import { isoTime } from '../schemas/time.ts';
import type { HeldMessage, NotSentMessage } from '../store/messages.ts';
import type { OutgoingMessage } from './delivery.ts';

const HOUR_MILLISECONDS = 60 * MINUTE;
const MAX_PAUSE_MILLISECONDS = 30 * MINUTE;
/** Each pause is a quarter of the time waited so far: short after a short outage, long in a long one. */
const PAUSES_PER_WAIT = 4;

/** `at` in milliseconds since the epoch. */
export type AskedTotogi = { answer: 'known' | NoFactsReason; at: number };

type About = { message: OutgoingMessage; event: RecordedEvent; profile: Profile | undefined; published: PublishedConfiguration };

/** Calls Totogi only when the tenant's configured order of sources gets to it. */
export async function findContact(
  readFacts: ReadAccountFacts,
  { message, event, profile, published }: About,
): Promise<{ contact: string | undefined; asked?: AskedTotogi }> {
  const find = message.channel === 'sms' ? findPhone : findEmail;
  const { device } = event.notification;
  const { configuration } = published;
  const before = sourcesBeforeTotogi(configuration.contacts);
  const contact = find({ device }, profile, { ...configuration, contacts: before ?? configuration.contacts });
  if (before === undefined || contact !== undefined) return { contact };
  const read = await readFacts(configuration, message.account);
  const customProperties = read.known ? read.facts.customProperties : undefined;
  const asked: AskedTotogi = { answer: read.known ? 'known' : read.why, at: read.at };
  return { contact: find({ device, customProperties }, profile, configuration), asked };
}

/** Holds a message while Totogi, its source of the contact, does not answer. Gives up after the tenant's `staleAfterHours`. */
export function waitForTotogi(
  known: Omit<MessageRecord, 'state'>,
  { configuration }: PublishedConfiguration,
  at: number,
): HeldMessage | NotSentMessage {
  const since = known.contactAwaitedSince === undefined ? at : Date.parse(known.contactAwaitedSince);
  const waited = at - since;
  if (waited > configuration.staleAfterHours * HOUR_MILLISECONDS) return { ...known, state: 'not-sent', reason: 'contact-unreachable' };
  const pause = Math.min(Math.max(waited / PAUSES_PER_WAIT, MINUTE), MAX_PAUSE_MILLISECONDS);
  const held = { state: 'held', reason: 'contact-unreachable', heldUntil: isoTime(at + pause) } as const;
  return { ...known, ...held, contactAwaitedSince: isoTime(since) };
}
