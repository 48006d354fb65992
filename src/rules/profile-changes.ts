import { type Consent, Consents, type Profile } from '../schemas/profile.ts';

const CLASSES = ['service', 'marketing'] as const;
const CHANNELS = ['sms', 'email'] as const;

export type ConsentEntry = Consent & { class: (typeof CLASSES)[number]; channel: (typeof CHANNELS)[number] };

/** Every consent of a profile, in one order. */
export function listConsents(consents: Consents = {}): ConsentEntry[] {
  return CLASSES.flatMap((messageClass) =>
    CHANNELS.flatMap((channel) => {
      const consent = consents[messageClass]?.[channel];
      return consent ? [{ class: messageClass, channel, ...consent }] : [];
    }),
  );
}

/**
 * What stands of the consents on record and those that are told now: of each class and channel the one that was said later, and of two
 * said at one time the withdrawal. So no list that was drawn up before a subscriber said stop can undo it, and leaving consents out
 * drops none.
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

/** The withdrawals among consents. They outlive an erasure: they are what keeps messages away. */
export function withdrawalsOf(consents: Consents | undefined): Consents {
  const kept: Consents = {};
  for (const { class: messageClass, channel, ...consent } of listConsents(consents)) {
    if (!consent.given) kept[messageClass] = { ...kept[messageClass], [channel]: consent };
  }
  return kept;
}

/** A profile with nothing in it that is empty, and its fields in one order, so that equal profiles are equal as text. */
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

/** The names of the fields in which two tidy profiles differ. Of devices it names none: their ids often are phone numbers. */
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
