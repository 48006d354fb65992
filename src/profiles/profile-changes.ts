import { type Consent, Consents, type Profile } from '../schemas/profile/profile.ts';

const CLASSES = ['service', 'marketing'] as const;
const CHANNELS = ['sms', 'email'] as const;

export type ConsentEntry = Consent & { class: (typeof CLASSES)[number]; channel: (typeof CHANNELS)[number] };

/** Always in the same order. */
export function listConsents(consents: Consents = {}): ConsentEntry[] {
  return CLASSES.flatMap((messageClass) =>
    CHANNELS.flatMap((channel) => {
      const consent = consents[messageClass]?.[channel];
      return consent ? [{ class: messageClass, channel, ...consent }] : [];
    }),
  );
}

/**
 * Merges consents by class and channel: the later one wins, and of two at the same time the withdrawal. So a list that was exported before
 * an opt-out cannot undo it, and a list without consents removes none.
 *
 * @returns times in UTC.
 */
export function mergeConsents(stored: Consents | undefined, added: Consents | undefined): Consents {
  const consents: Consents = {};
  for (const { class: messageClass, channel, given, source, at } of [...listConsents(stored), ...listConsents(added)]) {
    const consent: Consent = { given, source, at: new Date(at).toISOString() };
    const current = consents[messageClass]?.[channel];
    if (!current || isLater(consent, current)) consents[messageClass] = { ...consents[messageClass], [channel]: consent };
  }
  return consents;
}

function isLater(consent: Consent, current: Consent): boolean {
  const difference = Date.parse(consent.at) - Date.parse(current.at);
  return difference > 0 || (difference === 0 && current.given && !consent.given);
}

/** The withdrawals outlive an erasure, because they prevent messages. */
export function withdrawalsOf(consents: Consents | undefined): Consents {
  const kept: Consents = {};
  for (const { class: messageClass, channel, ...consent } of listConsents(consents)) {
    if (!consent.given) kept[messageClass] = { ...kept[messageClass], [channel]: consent };
  }
  return kept;
}

/** Drops empty parts and sorts the fields, so that equal profiles are equal as text. */
export function tidyProfile(profile: Profile): Profile {
  const devices = Object.entries(profile.devices ?? {})
    .map(([device, { phone, email, language }]) => [device, present({ phone, email, language })] as const)
    .filter(([, contact]) => Object.keys(contact).length > 0)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  const consents = mergeConsents(profile.consents, undefined);
  const { name, phone, email, language, country, region, timeZone } = profile;
  return {
    ...present({ name, phone, email, language, country, region, timeZone }),
    ...(devices.length > 0 ? { devices: Object.fromEntries(devices) } : {}),
    ...(Object.keys(consents).length > 0 ? { consents: sorted(consents) } : {}),
  };
}

/** Device IDs are left out: they are often phone numbers. */
export function changedFields(before: Profile, after: Profile): (keyof Profile)[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Profile)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

export function changedConsents(before: Profile, after: Profile): ConsentEntry[] {
  const known = new Set(listConsents(before.consents).map((consent) => JSON.stringify(consent)));
  return listConsents(after.consents).filter((consent) => !known.has(JSON.stringify(consent)));
}

function present<Fields extends Record<string, string | undefined>>(fields: Fields): { [Name in keyof Fields]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Name in keyof Fields]?: string };
}

function sorted(consents: Consents): Consents {
  const inOrder: Consents = {};
  for (const { class: messageClass, channel, given, source, at } of listConsents(consents)) {
    inOrder[messageClass] = { ...inOrder[messageClass], [channel]: { given, source, at } };
  }
  return Consents.parse(inOrder);
}
