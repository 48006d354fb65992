import { mergeConsents } from '../../rules/profile-changes.ts';
import type { Channel } from '../../schemas/channel.ts';
import type { MessageClass } from '../../schemas/message-class.ts';
import type { Consent } from '../../schemas/profile.ts';
import type { Table } from '../table.ts';
import { changeProfile, type ProfileOwner } from './profiles.ts';

/** The classes that ask for consent or know an opt-out. */
export type ConsentClass = Exclude<MessageClass, 'regulatory'>;

/** What a subscriber agreed to or withdrew; `at` is when they said so: RFC 3339. */
export type ConsentChange = Consent & { class: ConsentClass; channel: Channel };

/**
 * Puts on record what a subscriber agreed to or withdrew, whether or not there is a profile yet. What was said later stands, whatever
 * the order in which it arrives.
 *
 * @returns `already-done` when it stands so already, or something later does.
 */
export async function setConsent(table: Table, owner: ProfileOwner, change: ConsentChange): Promise<'done' | 'already-done'> {
  const { class: messageClass, channel, ...consent } = change;
  const { outcome } = await changeProfile(
    table,
    owner,
    (before) => ({ ...before, consents: mergeConsents(before?.consents, { [messageClass]: { [channel]: consent } }) }),
    { source: change.source, at: Date.parse(change.at) },
  );
  return outcome;
}
