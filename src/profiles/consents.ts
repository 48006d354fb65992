import type { Table } from '../platform/table.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { MessageClass } from '../schemas/message/message-class.ts';
import type { Consent } from '../schemas/profile/profile.ts';
import { mergeConsents } from './profile-changes.ts';
import type { ProfileOwner } from './profile-history.ts';
import { changeProfile } from './profile-records.ts';

export type ConsentClass = Exclude<MessageClass, 'regulatory'>;

/** `at` is when the subscriber agreed or withdrew: RFC 3339. */
export type ConsentChange = Consent & { class: ConsentClass; channel: Channel };

/**
 * Records consent or its withdrawal, with or without a profile. The latest `at` wins, whatever the order of arrival.
 *
 * @returns `already-done` when this or a later change is stored already.
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
